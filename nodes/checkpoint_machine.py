"""What a result's numbers come from besides the graph: the device, ComfyUI's flags, and its attention."""

from __future__ import annotations

import functools

from ..checkpoints.machine_flags import number_flags


def machine() -> dict[str, str]:
    """State by the name that a user knows it by; `make_fingerprint` takes it."""
    import comfy.cli_args
    import comfy.model_management
    from comfy.ldm.modules import attention

    device = comfy.model_management.get_torch_device()
    return {
        **number_flags(vars(comfy.cli_args.args), _defaults()),
        "the device": f"{device.type} {_device_name(device)}".strip(),
        # Which one ComfyUI takes depends on what is installed too.
        "ComfyUI's attention": attention.optimized_attention.__name__,
    }


@functools.lru_cache(maxsize=1)
def _defaults() -> dict[str, object]:
    import comfy.cli_args

    return vars(comfy.cli_args.parser.parse_args([]))


def _device_name(device: object) -> str:
    import torch

    backend = getattr(torch, getattr(device, "type", ""), None)
    name = getattr(backend, "get_device_name", None)
    return str(name(device)) if name is not None else ""
