"""The values of a schedule's lines: prompts and keyframe indices. Each reads the text behind the colon."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[0-9]+")


class ValueTextError(ValueError):
    """A value does not read. The message says what was expected."""


def prompt(text: str) -> str:
    """A prompt: the text itself, `#` and colons included.

    Raises:
        ValueTextError: There is none.
    """
    if not text:
        raise ValueTextError("expected a prompt behind the colon")
    return text


def keyframe_index(text: str) -> int:
    """Index of a picture, from 0.

    Raises:
        ValueTextError: Not a whole number from 0 up.
    """
    if not _DIGITS.fullmatch(text):
        raise ValueTextError(f"expected the index of a picture, a whole number from 0 up, not {text!r}")
    return int(text)
