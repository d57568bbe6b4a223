"""Sources of a result's numbers besides the graph: the device, ComfyUI's flags, and its attention."""

from __future__ import annotations

from ...comfyui_internals.machine import attention_name, options_and_defaults
from .machine_flags import number_flags


def machine() -> dict[str, str]:
    """State by the name that a user knows it by; `make_fingerprint` takes it."""
    import comfy.model_management

    device = comfy.model_management.get_torch_device()
    return {
        **number_flags(*options_and_defaults()),
        "the device": f"{device.type} {_device_name(device)}".strip(),
        # Which one ComfyUI takes depends on what is installed too.
        "ComfyUI's attention": attention_name(),
    }


def _device_name(device: object) -> str:
    import torch

    backend = getattr(torch, getattr(device, "type", ""), None)
    name = getattr(backend, "get_device_name", None)
    return str(name(device)) if name is not None else ""
