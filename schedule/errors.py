"""The one error that reading a schedule raises."""

from __future__ import annotations


class ScheduleError(ValueError):
    """A schedule that cannot be used.

    Attributes:
        line: Number of the line at fault, from 1; None if the schedule as a whole is at fault.
        text: That line as it was written; empty if there is none.
        expected: The form that would have worked, or the fault and how to mend it.
    """

    def __init__(self, expected: str, *, line: int | None = None, text: str = "") -> None:
        self.line = line
        self.text = text
        self.expected = expected
        where = "the schedule" if line is None else f"schedule line {line}, {text!r}:"
        super().__init__(f"{where} {expected}")
