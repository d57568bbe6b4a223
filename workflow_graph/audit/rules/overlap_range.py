"""Windows share enough, and not too much."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="the overlap is more than nothing, and at most half a window",
    seen="a cut at every window, or a render that does not start",
    why="the overlap is what a window sees of the one before; more than half a window would have to come from two windows back",
    mend="set overlap_seconds to 2, or 3 if the joins show",
)
def overlap_range(subject: Subject) -> Iterator[Finding]:
    """Looks at the overlap of each controller and planner."""
    flow = subject.flow
    for node in subject.parts.controllers:
        overlap, window = flow.number(node, "overlap_seconds"), flow.number(node, "window_seconds")
        if overlap is None:
            continue
        if overlap <= 0:
            yield Finding(node, f"overlap_seconds is {overlap:g}: no window sees the one before")
        elif window is not None and overlap > window / 2:
            yield Finding(node, f"overlap_seconds is {overlap:g}, more than half of the window of {window:g} s")
