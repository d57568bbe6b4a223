"""Which of several spans counts at a position: the rules that exact time and iterations share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Span:
    """Where one entry counts: `[start, end)` in seconds or in iterations, None for no end.

    `asked_start` and `asked_end` are the same in seconds as written; they decide where two spans have been rounded onto
    the same position.
    """

    start: Fraction | int
    end: Fraction | int | None
    asked_start: Fraction
    asked_end: Fraction | None

    def covers(self, position: Fraction | int) -> bool:
        """True where `position` lies in `[start, end)`."""
        return self.start <= position and (self.end is None or position < self.end)


def choose(spans: Sequence[Span], position: Fraction | int) -> int:
    """Index of the span that counts at `position`: the last that covers it, in a hole the one that ended last.

    Before all spans it is the one that starts first. `spans` holds at least one.
    """
    covering = [index for index, span in enumerate(spans) if span.covers(position)]
    if covering:
        return covering[-1]
    ended = [
        (span.end, span.asked_end, index)
        for index, span in enumerate(spans)
        if span.end is not None and span.asked_end is not None and span.start <= position
    ]
    if ended:
        return max(ended)[-1]
    return min(range(len(spans)), key=lambda index: spans[index].asked_start)


def changes(spans: Sequence[Span]) -> tuple[tuple[Fraction | int, int], ...]:
    """Positions from 0 on at which another span begins to count, as (position, index of the span); the first is 0."""
    positions = {0, *(span.start for span in spans), *(span.end for span in spans if span.end is not None)}
    steps: list[tuple[Fraction | int, int]] = []
    for position in sorted(positions):
        index = choose(spans, position)
        if not steps or steps[-1][1] != index:
            steps.append((position, index))
    return tuple(steps)
