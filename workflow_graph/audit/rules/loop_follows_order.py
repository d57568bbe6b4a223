"""The loop makes windows in the order of its plan."""

from __future__ import annotations

from collections.abc import Iterator

from ....loop_control.window_order import ANCHORS_FIRST
from ...node_kinds import PLANNER
from ..rule import ERR, Finding, rule
from ..subject import Subject

_IN_TURN, _ON_CANVAS = "LoopWindowLatent", "LoopWindowOfCanvas"


@rule(
    severity=ERR,
    summary="a loop that goes from window to window has a plan in turn, and a loop on a canvas makes all windows of its plan",
    seen="the render stops after its first window, or the last window is missing",
    why="with anchors first a window lies between two others, which only a loop on a canvas knows; there the first window is "
    "made in the loop too, so it runs once more than total_iterations says",
    mend="set order of AudioLoopPlanner to 'in turn', or wire its windows_to_make to iterations_in of a loop on a canvas",
)
def loop_follows_order(subject: Subject) -> Iterator[Finding]:
    """Looks at the plan of each window, and at the count of each loop on a canvas."""
    flow = subject.flow
    for node in flow.of_type(_IN_TURN):
        planner = flow.feeding(node, "plan")
        if planner is not None and planner.type == PLANNER and flow.value(planner, "order") == ANCHORS_FIRST:
            yield Finding(
                planner,
                f"order is {ANCHORS_FIRST!r}, but {node} makes each window from the one before",
                seen="the render stops after its first window",
            )
    for loop in subject.parts.loops:
        origin = flow.origin(loop.open, "iterations_in")
        is_on_canvas = any(node.type == _ON_CANVAS for node in loop.body.values())
        if is_on_canvas and origin is not None and origin[1] == "total_iterations":
            yield Finding(
                loop.open,
                "iterations_in comes from total_iterations, which does not count the first window, and the loop makes that too",
                seen="the last window is missing",
            )
