"""Prompts change where windows begin."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import SCHEDULES
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="snap_boundaries is on: every window takes the prompt that holds for most of it",
    seen="a prompt that comes up to a whole window late, or a window between two that looks like neither",
    why="a window takes one prompt; without snapping it is whatever holds at the second from which the window is seen",
    mend="set snap_boundaries to true, unless the exact rule is meant",
)
def snap_boundaries(subject: Subject) -> Iterator[Finding]:
    """Looks at each node that reads a schedule."""
    for node in subject.flow.of_type(SCHEDULES):
        if subject.flow.value(node, "snap_boundaries") is False:
            yield Finding(node, "snap_boundaries is off")
