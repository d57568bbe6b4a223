"""The largest step of the render fits the card."""

from __future__ import annotations

from collections.abc import Iterator

from ...workflow_graph.audit.rule import WARN, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=WARN,
    summary="the largest step fits the memory of the card",
    seen="the render stops with an out-of-memory error, or runs many times slower than it could",
    why="a step has to hold all tokens of its window at once, however few weights are on the card meanwhile",
    mend="shorten window_seconds, or make the video smaller",
)
def fits_card(subject: PlannedSubject) -> Iterator[Finding]:
    """Compares what a step has alive at once, by count, with the card of this machine."""
    cost, card = subject.cost, subject.machine.card
    if cost is None or card is None or cost.bound_on(card).fits:
        return
    needed, there = (size / 2**30 for size in (cost.memory.least_bytes, card.memory_bytes))
    fitting = cost.first_that_fits(card)
    remedy = "" if fitting is None else f"; {fitting.words} would fit"
    yield Finding(
        f"the {card.name}",
        f"the largest step needs {needed:.1f} GiB by count, even with its weights brought block by block, and the card has "
        f"{there:.1f} GiB{remedy}",
    )
