"""`%date:yyyy-MM-dd%` and `%Node.widget%` in a file's name, as ComfyUI's frontend fills them in for its own savers.

The browser does it before a prompt is queued. A prompt that comes through the API still holds them, and gets the same here.
`%width%`, `%year%` and their kin are ComfyUI's own: `folder_paths.get_save_image_path` knows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

_PLACEHOLDER = re.compile(r"%([^%]+)%")
_DATE_PART = re.compile(r"dd?|MM?|hh?|mm?|ss?|yyy?y?")
_NOT_IN_A_NAME = re.compile(r'[/?<>\\:*|"\x00-\x1F\x7F]')

_DATE_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "d": lambda time: time.day,
    "M": lambda time: time.month,
    "h": lambda time: time.hour,
    "m": lambda time: time.minute,
    "s": lambda time: time.second,
}


def filled_in(text: str, prompt: Mapping[str, Any], now: datetime) -> str:
    """The text with dates and the values of other nodes.

    Args:
        text: A filename prefix.
        prompt: The API prompt; a node is named by its class, or else by its title.
        now: Local time.

    Returns:
        The text; a placeholder that names nothing stays as it is.
    """

    def value(match: re.Match[str]) -> str:
        name, *rest = match[1].split(".")
        if not rest and name.startswith("date:"):
            return date_text(name.removeprefix("date:"), now)
        if len(rest) != 1:
            return match[0]
        found = _widget(prompt, name, rest[0])
        return match[0] if found is None else _NOT_IN_A_NAME.sub("_", found)

    return _PLACEHOLDER.sub(value, text)


def date_text(form: str, time: datetime) -> str:
    """A date in the frontend's form: d, M, h, m, s alone or doubled with a leading zero, yy and yyyy."""

    def part(match: re.Match[str]) -> str:
        token = match[0]
        if token in ("yy", "yyyy"):
            return str(time.year)[-len(token) :]
        number = _DATE_NUMBERS.get(token[0])
        return token if number is None else str(number(time)).zfill(len(token))

    return _DATE_PART.sub(part, form)


def _widget(prompt: Mapping[str, Any], name: str, widget: str) -> str | None:
    nodes = [node for node in prompt.values() if isinstance(node, Mapping)]
    named = [node for node in nodes if node.get("class_type") == name]
    named = named or [node for node in nodes if (node.get("_meta") or {}).get("title") == name]
    inputs = named[0].get("inputs", {}) if named else {}
    value = inputs.get(widget)
    if widget not in inputs or isinstance(value, (list, dict)):
        return None
    return _as_javascript_writes(value)


def _as_javascript_writes(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
