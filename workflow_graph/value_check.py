"""Whether a widget value fits its input's schema."""

from __future__ import annotations

import difflib
import math
from typing import Any

from .schemas import InputSpec


class BuildError(ValueError):
    """A workflow that cannot be built as described."""


def check_value(spec: InputSpec, value: Any, who: str) -> None:
    """Refuses a value that the input cannot take.

    Args:
        spec: The input.
        value: The widget's value.
        who: The node, for messages.

    Raises:
        BuildError: Names the value, the rule and if possible what would fit.
    """
    where = f"{who}: input {spec.name!r}"
    if not spec.has_widget:
        raise BuildError(f"{where} is a socket of type {spec.type}; it takes a link, not {value!r}")
    kind = spec.widget_type
    if kind == "INT" and (isinstance(value, bool) or not isinstance(value, int)):
        raise BuildError(f"{where} takes a whole number, not {value!r}")
    if kind == "FLOAT" and (isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value)):
        raise BuildError(f"{where} takes a number, not {value!r}")
    if kind == "BOOLEAN" and not isinstance(value, bool):
        raise BuildError(f"{where} takes true or false, not {value!r}")
    if kind == "STRING" and not isinstance(value, str):
        raise BuildError(f"{where} takes text, not {value!r}")
    if kind in ("INT", "FLOAT"):
        low, high = spec.options.get("min"), spec.options.get("max")
        if low is not None and value < low:
            raise BuildError(f"{where} is at least {low}, not {value}")
        if high is not None and value > high:
            raise BuildError(f"{where} is at most {high}, not {value}")
    if spec.choices and value not in spec.choices:
        near = difflib.get_close_matches(str(value), [str(choice) for choice in spec.choices], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise BuildError(f"{where} is one of {', '.join(map(repr, spec.choices))}, not {value!r}{hint}")
