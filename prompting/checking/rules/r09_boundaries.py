"""R9: every time is a boundary that can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....loop_control.rates import clock_text
from ..draft import Draft, DraftEntry
from ..finding import ScheduleFinding, rule

NEAR_SECONDS = Fraction(1, 2)
"""A time written in whole seconds means its boundary."""


@rule(
    9,
    "pre-placed boundaries",
    music="Every START and every END is one of the boundaries listed below, copied digit by digit, or the end of the song. The "
    "picture cannot change anywhere else, so place each entry on the boundary nearest to its section.",
    talk="Every START and every END is one of the boundaries listed below, copied digit by digit, or the end of the talk. The "
    "picture cannot change anywhere else, so place each entry on the boundary nearest to its beat.",
)
def boundaries(draft: Draft) -> Iterator[ScheduleFinding]:
    """Compares starts and ends with the moments at which the windows' new frames are first seen."""
    for entry in draft.entries:
        start, end = entry.entry.start, entry.entry.end
        if start < draft.end:
            yield from _compare(draft, entry, "begins", start)
        if entry.entry.form == "range" and end is not None and end < draft.end:
            yield from _compare(draft, entry, "ends", end)


def _compare(draft: Draft, entry: DraftEntry, verb: str, asked: Fraction) -> Iterator[ScheduleFinding]:
    choices = (*draft.boundaries, draft.end) if verb == "ends" else draft.boundaries
    nearest = min(choices, key=lambda each: (abs(each - asked), -each))
    if clock_text(asked) == clock_text(nearest):
        return
    yield ScheduleFinding(
        f"{verb} at {clock_text(asked)}, and the picture cannot change then",
        f"{clock_text(nearest)} is the nearest boundary",
        entry.line,
        severity="warning" if abs(asked - nearest) <= NEAR_SECONDS else None,
    )
