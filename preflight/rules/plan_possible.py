"""The numbers of the planner and the length of the song give a plan."""

from __future__ import annotations

from collections.abc import Iterator

from ...workflow_graph.audit.rule import ERR, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=ERR,
    summary="window, overlap and frame rate give a plan for the song",
    seen="the render stops before it samples",
    why="windows lie on the grid of the model, and the song must be long enough for one",
    mend="set the value that the finding names to the nearest that works",
)
def plan_possible(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks at what came of planning, of a second stage too: its planner runs first, whichever stage is asked for."""
    told = set()
    for planned in (subject.planned, *subject.planned_beside):
        if planned.error is not None and planned.node is not None and planned.error not in told:
            told.add(planned.error)
            yield Finding(planned.node, planned.error)
