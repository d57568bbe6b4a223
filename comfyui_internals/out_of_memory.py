"""A device without memory: how ComfyUI knows it, and what it does before it tries again."""

from __future__ import annotations


def is_out_of_memory(error: Exception) -> bool:
    """True if ComfyUI would answer this error of an encode or decode with its tiled one."""
    import comfy.model_management as management

    return bool(management.is_oom(error))


def empty_device_cache() -> None:
    """Gives the device's freed memory back, as ComfyUI does before it tries again."""
    import comfy.model_management as management

    management.soft_empty_cache()
