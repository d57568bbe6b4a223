"""The prompt that a window was made with, as a line for people."""

from __future__ import annotations

from typing import Any

from ...latent_ops.conditioning import PROMPT_KEY
from ..folders import hides_metadata
from .request import Request


def prompt_of(conditioning: Any) -> str:
    """The prompt that a CONDITIONING was encoded from; empty if it does not say."""
    values = conditioning[0][1] if conditioning else {}
    return str(values.get(PROMPT_KEY, ""))


def prompt_words(request: Request) -> str:
    """A line on the prompt of a window; empty if it is not known, or ComfyUI is to write no metadata."""
    prompt = "" if hides_metadata() else prompt_of(request.values["conditioning"]).strip()
    return f"\nwindow {request.index}: {' '.join(prompt.split())}" if prompt else ""
