"""The planner works its stride out by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import PLANNER
from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="AudioLoopPlanner has no input stride_seconds",
    seen="no video: ComfyUI reports a dependency cycle as soon as the planner's count feeds the loop",
    why="the stride came from the controller, which runs inside the loop that the planner is to count",
    mend="python scripts/workflow.py migrate FILE",
    by_hand="put a new AudioLoopPlanner in its place and wire audio, window and overlap",
    needs_flow=False,
)
def planner_no_stride_input(subject: Subject) -> Iterator[Finding]:
    """Looks for planners that were saved with the input."""
    for level in subject.view.levels():
        for node in level.nodes.values():
            if node.type == PLANNER and any(slot.name == "stride_seconds" for slot in node.inputs):
                yield Finding(f"node {node.id} ({node.type})", "was saved with an input stride_seconds, which it no longer has")
