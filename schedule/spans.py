"""Which of several spans counts at a position: the rules that exact time and windows share.

The last span that covers a position counts; in a hole the one that ended last; before all spans the one that starts first.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Span:
    """Where one entry counts: `[start, end)` in seconds or in windows, None for no end.

    `asked_start` and `asked_end` are the same in seconds as written; they decide where two spans have been rounded onto
    the same position.
    """

    start: Fraction | int
    end: Fraction | int | None
    asked_start: Fraction
    asked_end: Fraction | None


Step = tuple[Fraction | int, int]
"""A position and the index of the span that begins to count there."""


def changes(spans: Sequence[Span]) -> tuple[Step, ...]:
    """Positions from 0 on at which another span begins to count, as (position, index of the span); the first is 0.

    `spans` holds at least one. One pass over the sorted positions: a schedule may have thousands of lines.
    """
    earliest = min(range(len(spans)), key=lambda index: spans[index].asked_start)
    by_start = sorted(range(len(spans)), key=lambda index: spans[index].start)
    positions = sorted({0, *(span.start for span in spans), *(span.end for span in spans if span.end is not None)})
    active: list[int] = []  # Negated indices of spans that have started; those that have ended leave it late.
    ended_last: tuple[Fraction | int, Fraction, int] | None = None
    begun = 0
    steps: list[Step] = []
    for position in positions:
        while begun < len(by_start) and spans[by_start[begun]].start <= position:
            index = by_start[begun]
            span = spans[index]
            heapq.heappush(active, -index)
            if span.end is not None and span.asked_end is not None:
                # In a hole all that have started have ended, so the latest end of those is the one that ended last.
                ended_last = max(ended_last or (span.end, span.asked_end, index), (span.end, span.asked_end, index))
            begun += 1
        while active and _ended(spans[-active[0]], position):
            heapq.heappop(active)
        chosen = -active[0] if active else ended_last[-1] if ended_last else earliest
        if not steps or steps[-1][1] != chosen:
            steps.append((position, chosen))
    return tuple(steps)


def step_at(steps: Sequence[tuple[Any, Any]], position: Fraction | int) -> int:
    """Number of the step that counts at `position`, of steps (position, what begins there); below 0 it is the first."""
    return max(0, bisect_right(steps, position, key=lambda step: step[0]) - 1)


def _ended(span: Span, position: Fraction | int) -> bool:
    return span.end is not None and span.end <= position
