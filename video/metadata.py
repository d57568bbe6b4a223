"""The graph as text for a file's metadata, so that every reader of ComfyUI's can take it out again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_STRING_OR_NOT_A_NUMBER = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN')


def metadata_texts(values: Mapping[str, Any] | None) -> dict[str, str]:
    """Each value as strict JSON in ASCII under its key.

    - Numbers that JSON has no word for (ComfyUI notes NaN as `is_changed`) become null, as JavaScript writes them.
    - Braces inside strings are escaped: the frontend finds the end of a WebM's JSON by counting braces.
    - What JSON cannot hold (a node's fingerprint may be anything) becomes its text: it must not cost a finished render.

    Args:
        values: As ComfyUI's `extra_pnginfo` and prompt: keys such as "workflow" and "prompt".
    """
    return {key: _STRING_OR_NOT_A_NUMBER.sub(_strict, json.dumps(value, default=str)) for key, value in (values or {}).items()}


def _strict(token: re.Match[str]) -> str:
    text = token[0]
    return text.replace("{", r"\u007b").replace("}", r"\u007d") if text.startswith('"') else "null"
