"""Numbers that JSON has no word for: ComfyUI notes NaN as `is_changed` in the prompt, and savers wrote it into files."""

from __future__ import annotations

import re

_STRING_OR_NOT_A_NUMBER = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b')


def without_not_a_number(text: str) -> str:
    """The JSON text with null for each bare NaN and Infinity, as ComfyUI's frontend reads it; strings stay as they are."""
    return _STRING_OR_NOT_A_NUMBER.sub(lambda token: token[0] if token[0][0] == '"' else "null", text)
