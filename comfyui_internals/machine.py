"""The flags and devices that ComfyUI was started with and computes with, as far as numbers depend on it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from .contact import Contact

OPTIONS = Contact(
    "command line options", "prompts are kept out of files, and loops work as under --cache-none; options are not compared"
)
ATTENTION = Contact("choice of attention", "finished windows are made again, and those of another attention are not told apart")

DEVICE = Contact("device", "the check before Run cannot tell whether a render fits the card, and how long it takes at least")


@dataclass(frozen=True)
class GraphicsCard:
    """The card that ComfyUI computes on.

    Attributes:
        name: As its driver calls it.
        memory_bytes: All of its memory.
    """

    name: str
    memory_bytes: int


def graphics_card() -> GraphicsCard | None:
    """The card; None if ComfyUI computes on something else."""
    try:
        import torch
        from comfy.model_management import get_torch_device, get_total_memory

        device = get_torch_device()
        if device.type != "cuda":
            return None
        return GraphicsCard(torch.cuda.get_device_name(device), int(get_total_memory(device)))
    except (ImportError, AttributeError, RuntimeError) as error:
        DEVICE.is_gone(error)
        return None


def option(name: str, otherwise: Any) -> Any:
    """An option that ComfyUI was started with.

    Args:
        name: As `argparse` stores it, e.g. "cache_none".
        otherwise: What to take if ComfyUI does not tell.
    """
    try:
        from comfy.cli_args import args

        return getattr(args, name)
    except (ImportError, AttributeError) as error:
        OPTIONS.is_gone(error)
        return otherwise


def options_and_defaults() -> tuple[dict[str, Any], dict[str, Any]]:
    """All options, and what they are if nothing is given; both empty if ComfyUI does not tell."""
    try:
        from comfy.cli_args import args

        return vars(args), _defaults()
    except (ImportError, AttributeError, TypeError) as error:
        OPTIONS.is_gone(error)
        return {}, {}


@functools.lru_cache(maxsize=1)
def _defaults() -> dict[str, Any]:
    from comfy.cli_args import parser

    return vars(parser.parse_args([]))


def attention_name() -> str:
    """The attention function that ComfyUI chose: depends on options and on what is installed."""
    try:
        from comfy.ldm.modules.attention import optimized_attention

        return str(optimized_attention.__name__)
    except (ImportError, AttributeError) as error:
        ATTENTION.is_gone(error)
        return ""
