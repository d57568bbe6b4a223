"""The parts of a workflow that depend on the generation of LTX: loaders, guider, sampler, frame rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..building.builder import BuiltNode, GraphBuilder, Wire, WorkflowBuilder
from . import model_path


@dataclass(frozen=True)
class Loaded:
    """The outputs of the loaders.

    Attributes:
        model: The diffusion model.
        clip: The text encoder.
        video_vae: Of the pictures.
        audio_vae: Of the song.
        facts: AudioLoopModelFacts; None if the plan is LTX 2.3's.
    """

    model: Wire
    clip: Wire
    video_vae: Wire
    audio_vae: Wire
    facts: Wire | None = None


Guider = Callable[[GraphBuilder, int, str, str | None, Wire, Wire, Wire], BuiltNode]
"""From id, role, title, model, positive and negative to the guider of a sampling run."""


@dataclass(frozen=True)
class Family:
    """One generation of LTX, as ComfyUI's own template samples it.

    Attributes:
        load: The loaders.
        guider: Of every window.
        sampler: Of every window.
        fps: Frames per second.
    """

    load: Callable[[WorkflowBuilder], Loaded]
    guider: Guider
    sampler: str
    fps: float


def cfg_guider(
    graph: GraphBuilder, node_id: int, role: str, title: str | None, model: Wire, positive: Wire, negative: Wire
) -> BuiltNode:
    """ComfyUI's guider at cfg 1, which never asks for the negative prompt."""
    return graph.node(
        "CFGGuider", id=node_id, title=title, role=role, model=model, positive=positive, negative=negative, cfg=1.0
    )


LTX_23 = Family(lambda b: Loaded(*model_path.load(b)), cfg_guider, "euler", 25.0)
