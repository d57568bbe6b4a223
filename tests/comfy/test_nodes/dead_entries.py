"""Plants the entry that ComfyUI's memory management crashes on, and asks for memory as loading a model would."""

from __future__ import annotations

import gc
import sys

import comfy.model_management as management
import torch
from comfy.model_patcher import ModelPatcher
from comfy_api.latest import io

CPU = torch.device("cpu")


def _load() -> ModelPatcher:
    module = torch.nn.Linear(8, 8)
    module.current_weight_patches_uuid, module.model_loaded_weight_memory, module.device = None, 0, CPU
    patcher = ModelPatcher(module, load_device=CPU, offload_device=CPU)
    management.load_models_gpu([patcher])
    return patcher


class DeadEntry(io.ComfyNode):
    """Leaves one entry in ComfyUI's list of loaded models whose model is gone."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestDeadEntry",
            display_name="Dead Entry (test)",
            category="audio loop/test",
            inputs=[io.Latent.Input("latent")],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(cls, latent) -> io.NodeOutput:
        gc.collect()  # models of earlier prompts go now, while ComfyUI's own finalizer still works
        stale, big = _load(), _load()
        half_unloaded = next(w for w in management.current_loaded_models if w.model is stale)
        half_unloaded.model_unload()
        hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
        del big
        gc.collect()
        sys.unraisablehook = hook
        management.current_loaded_models[:] = [w for w in management.current_loaded_models if w is not half_unloaded]
        dead = [w.model for w in management.current_loaded_models].count(None)
        if dead != 1:
            raise RuntimeError(f"planted one dead entry and there are {dead}")
        return io.NodeOutput(latent)


class FreeMemory(io.ComfyNode):
    """Asks ComfyUI for memory."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestFreeMemory",
            display_name="Free Memory (test)",
            category="audio loop/test",
            inputs=[io.Latent.Input("latent")],
            outputs=[io.Latent.Output(), io.Int.Output("dead_entries")],
        )

    @classmethod
    def execute(cls, latent) -> io.NodeOutput:
        management.free_memory(0, CPU)
        return io.NodeOutput(latent, [w.model for w in management.current_loaded_models].count(None))


NODES = [DeadEntry, FreeMemory]
