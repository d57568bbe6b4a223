"""Settings as they are typed: `NAME=VALUE`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .errors import HarnessError


def read_settings(texts: Sequence[str]) -> dict[str, Any]:
    """Settings by name. A value is a number, true or false if it reads as one, else text.

    Raises:
        HarnessError: One is not of that form.
    """
    settings = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise HarnessError(f"--set {text!r}: a setting is NAME=VALUE, such as overlap_seconds=3")
        settings[name.strip()] = _value(value.strip())
    return settings


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, (bool, int, float, str)) else text
