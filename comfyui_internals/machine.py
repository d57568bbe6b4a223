"""The flags and devices that ComfyUI was started with and computes with, as far as numbers depend on it."""

from __future__ import annotations

import functools
from typing import Any

from .contact import Contact

OPTIONS = Contact(
    "command line options", "prompts are kept out of files, and loops work as under --cache-none; options are not compared"
)
ATTENTION = Contact("choice of attention", "finished windows are made again, and those of another attention are not told apart")


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
