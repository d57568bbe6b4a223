"""R10: the song is covered once, and everything that is written is seen."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....loop_control.rates import clock_text
from ..draft import Draft
from ..finding import ScheduleFinding, rule

SAME_TIME = Fraction(1, 100)
"""Two times that are written to the hundredth may mean one boundary."""


@rule(
    10,
    "cover",
    music="Entries follow each other in time without a gap and without overlap, from 0:00.00 to the end of the song. No entry "
    "begins behind the end, and no two begin at the same boundary.",
    talk="Entries follow each other in time without a gap and without overlap, from 0:00.00 to the end of the talk. No entry "
    "begins behind the end, and no two begin at the same boundary.",
)
def cover(draft: Draft) -> Iterator[ScheduleFinding]:
    """Looks for what is never seen, gaps, overlaps and lines out of order."""
    for row in draft.placed.rows:
        if row.vanished_because is not None:
            yield ScheduleFinding(
                f"it is never seen: {row.vanished_because.rstrip('.')}",
                "leave it out, or give it a boundary of its own",
                row.entry.line,
            )
    entries = [entry.entry for entry in draft.entries]
    covered: Fraction | None = entries[0].start
    for number, entry in enumerate(entries):
        if number and (covered is None or entry.start < covered - SAME_TIME):
            above = entries[number - 1]
            yield ScheduleFinding(
                f"it begins while line {above.line} still holds",
                f"end line {above.line} at {clock_text(entry.start)}",
                entry.line,
            )
        elif covered is not None and entry.start > covered + SAME_TIME:
            yield ScheduleFinding(
                f"nothing is scheduled from {clock_text(covered)} to {clock_text(entry.start)}",
                f"let the entry above end at {clock_text(entry.start)}",
                entry.line,
            )
        covered = None if covered is None or entry.end is None else max(covered, entry.end)
    if covered is not None and covered < draft.end - SAME_TIME:
        last = entries[-1]
        yield ScheduleFinding(
            f"nothing is scheduled from {clock_text(covered)} to the end, {clock_text(draft.end)}",
            f"end the last entry at {clock_text(draft.end)}",
            last.line,
        )
    lines = [entry.line for entry in entries]
    if lines != sorted(lines):
        late = next(line for line, before in zip(lines[1:], lines, strict=False) if line < before)
        yield ScheduleFinding("lines are not in the order of their times", "write the earliest first", late)
