"""The device that a network works on: its context, its memory, and how a network gets there."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from .contact import Contact

DEVICE_CONTEXT = Contact("context of a device", "torch's own is used, which does the same")
MEMORY = Contact(
    "count of a device's memory",
    "a plainer count plans the pieces that a video is decoded in; they can be shorter, which takes longer",
)


def device_context(device: torch.device) -> AbstractContextManager[Any]:
    """Makes a device the one that kernels start on."""
    try:
        from comfy.model_management import cuda_device_context
    except ImportError as error:
        DEVICE_CONTEXT.is_gone(error)
        return torch.cuda.device(device) if device.type == "cuda" else nullcontext()
    return cuda_device_context(device)


def free_bytes(device: torch.device) -> int | None:
    """Bytes that are free on a device by ComfyUI's count, by torch's if that is gone; None if torch does not count them."""
    try:
        from comfy.model_management import get_free_memory
    except ImportError as error:
        MEMORY.is_gone(error)
        if device.type != "cuda":
            return None
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(get_free_memory(device))


def free_bytes_beside(patcher: Any, device: torch.device) -> int | None:
    """As `free_bytes`, with what the weights of this model would make room for."""
    if not hasattr(patcher, "get_free_memory"):
        MEMORY.is_gone(f"{type(patcher).__name__} has no get_free_memory")
        return free_bytes(device)
    return int(patcher.get_free_memory(device))


def total_bytes(device: torch.device) -> int | None:
    """Bytes of a device by ComfyUI's count, by torch's if that is gone; None if torch does not count them."""
    try:
        from comfy.model_management import get_total_memory
    except ImportError as error:
        MEMORY.is_gone(error)
        return torch.cuda.mem_get_info(device)[1] if device.type == "cuda" else None
    return int(get_total_memory(device))


def can_load() -> bool:
    """Whether ComfyUI's way of bringing a network to its device is there."""
    try:
        from comfy.model_management import load_models_gpu
    except ImportError:
        return False
    return callable(load_models_gpu)


def load(patcher: Any, room_bytes: float, *, whole: bool) -> None:
    """Brings a network to its device, with so much room beside it; ask `can_load` first.

    Args:
        patcher: ComfyUI's ModelPatcher of it.
        room_bytes: What its work takes.
        whole: Whether all of its weights have to be there.
    """
    from comfy.model_management import load_models_gpu

    load_models_gpu([patcher], memory_required=room_bytes, force_full_load=whole)
