"""A device without memory: how ComfyUI knows it, and what it does before it tries again."""

from __future__ import annotations

import torch

from .contact import Contact

OUT_OF_MEMORY = Contact("test for a lack of memory", "torch's class of the error and its words decide it")


def is_out_of_memory(error: Exception) -> bool:
    """True if ComfyUI would answer this error of an encode or decode with its tiled one."""
    try:
        from comfy.model_management import is_oom
    except ImportError as gone:
        OUT_OF_MEMORY.is_gone(gone)
        is_worded = isinstance(error, RuntimeError) and "out of memory" in str(error).lower()
        return is_worded or isinstance(error, torch.cuda.OutOfMemoryError)
    return bool(is_oom(error))


def empty_device_cache() -> None:
    """Gives the device's freed memory back, as ComfyUI does before it tries again."""
    import comfy.model_management as management

    management.soft_empty_cache()
