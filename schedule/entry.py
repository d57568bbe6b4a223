"""`Entry`: one line of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from .times import Form

Value = TypeVar("Value")


@dataclass(frozen=True)
class Entry(Generic[Value]):
    """One entry of a schedule.

    Attributes:
        start: Second at which it begins.
        end: Second at which it ends (exclusive), None if it does not. For START it is the next start.
        value: The prompt or keyframe index.
        line: Number of its first line, from 1.
        text: Its first line as written.
        form: `"range"` for START-END, `"open"` for START+, `"hold"` for START.
    """

    start: Fraction
    end: Fraction | None
    value: Value
    line: int
    text: str
    form: Form
