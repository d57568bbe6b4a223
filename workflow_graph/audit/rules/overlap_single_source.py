"""Window and overlap are said once."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import CANVAS_WINDOW
from ...reading.flow import Flow, FlowNode
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="controller and planner get window and overlap from the same place",
    seen="prompts that change at other times than planned, a video that ends too early or too late",
    why="the planner counts the iterations with one stride, the loop walks with another",
    mend="wire one number to all of them, or the planner's `plan` to the controller",
)
def overlap_single_source(subject: Subject) -> Iterator[Finding]:
    """Compares where each controller and planner gets its numbers; a planner of windows on a canvas has its own."""
    flow = subject.flow
    nodes = [n for n in subject.parts.controllers if flow.feeding(n, "plan") is None and not _plans_a_canvas(flow, n)]
    for name in ("window_seconds", "overlap_seconds"):
        if len(nodes) < 2:
            return
        first, *others = nodes
        for other in others:
            one, two = flow.origin(first, name), flow.origin(other, name)
            if one is not None and one == two:
                continue
            values = flow.number(first, name), flow.number(other, name)
            if None not in values and values[0] != values[1]:
                yield Finding(other, f"{name} is {values[1]:g}, that of {first} is {values[0]:g}")
            else:
                yield Finding(
                    other,
                    f"{name} does not come from the same place as that of {first}; they agree only until one is changed",
                    severity=WARN,
                )


def _plans_a_canvas(flow: Flow, planner: FlowNode) -> bool:
    return any(reader.type == CANVAS_WINDOW and name == "plan" for reader, name, _ in flow.readers(planner))
