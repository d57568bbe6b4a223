"""Nodes that look after memory."""

from __future__ import annotations

import logging
from typing import Any

from comfy_api.latest import io

from .refusals import refuses

log = logging.getLogger(__name__)


class PurgeVRAM(io.ComfyNode):
    """Frees memory between two steps."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="PurgeVRAM",
            display_name="Purge VRAM (defensive)",
            category="Audio Loop/memory",
            search_aliases=["free memory", "clear vram", "out of memory", "garbage collection"],
            description="Drops dead entries of ComfyUI's list of loaded models, on which its own clean-up can crash, and hands "
            "unused memory back. Passes the latent through; models in use stay loaded.",
            inputs=[io.Latent.Input("latent", tooltip="Passed through unchanged.")],
            outputs=[io.Latent.Output("latent", tooltip="The same latent.")],
        )

    @classmethod
    @refuses("PurgeVRAM")
    def execute(cls, latent: dict[str, Any]) -> io.NodeOutput:
        from ..memory.loaded_models import purge_vram

        log.info("PurgeVRAM: %s", purge_vram().summary())
        return io.NodeOutput(latent)


class IterationCleanup(io.ComfyNode):
    """Frees memory at the end of an iteration."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        from ..memory.loaded_models import CLEANUP_MODES

        return io.Schema(
            node_id="IterationCleanup",
            display_name="Iteration Cleanup",
            category="Audio Loop/memory",
            search_aliases=["free memory", "clear vram", "unload", "out of memory", "loop"],
            description="Frees unused memory at the end of an iteration and passes the latent through.",
            inputs=[
                io.Latent.Input("latent", tooltip="Passed through unchanged."),
                io.Combo.Input(
                    "mode",
                    options=list(CLEANUP_MODES),
                    tooltip="always: as Purge VRAM. gpu_only: without Python's garbage collection. never: off.",
                ),
            ],
            outputs=[io.Latent.Output("latent", tooltip="The same latent.")],
        )

    @classmethod
    @refuses("IterationCleanup")
    def execute(cls, latent: dict[str, Any], mode: str) -> io.NodeOutput:
        from ..memory.loaded_models import cleanup

        log.debug("IterationCleanup: %s", cleanup(mode).summary())
        return io.NodeOutput(latent)


NODES = [IterationCleanup, PurgeVRAM]
