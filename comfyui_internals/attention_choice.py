"""Attention that ComfyUI was told to use for one model: by its node Model Attention Backend, or by the checkpoint itself."""

from __future__ import annotations

from typing import Any

BACKEND_NODE = "set_model_optimized_attention"
"""The method of ComfyUI's ModelPatcher whose override calls one backend and nothing else."""
PREFERENCE = "comfy_attention"
"""The module of an attention layer that ComfyUI newer than 0.33 reads from a checkpoint and hands over as
`preferred_attention`. An override never hears of it: ComfyUI asks the override first."""


def is_backend_node(override: object) -> bool:
    """Whether an attention override is that of ComfyUI's node Model Attention Backend."""
    return BACKEND_NODE in getattr(override, "__qualname__", "")


def preferred_attention(diffusion_model: Any) -> str | None:
    """The backend that a checkpoint asks for and that is there; None if it asks for none, or ComfyUI knows no such wish."""
    if not hasattr(diffusion_model, "modules"):
        return None
    for module in diffusion_model.modules():
        wish: Any = getattr(module, PREFERENCE, None)
        function = getattr(wish, "function", None)
        if function is not None:
            return str((getattr(wish, "config", None) or {}).get("attention") or getattr(function, "__name__", "another"))
    return None
