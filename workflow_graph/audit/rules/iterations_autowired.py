"""The number of iterations comes from the planner, which knows the song."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="iterations_in of the loop is wired to what AudioLoopPlanner counts, or a canvas made by its plan",
    seen="the video ends before the song, or goes on after it",
    why="a number typed in fits one song only",
    mend="python scripts/apply_iterations_autowire.py FILE",
    by_hand="add an AudioLoopPlanner with the song, and wire its total_iterations to iterations_in",
)
def iterations_autowired(subject: Subject) -> Iterator[Finding]:
    """Looks at what says how often each loop runs."""
    flow = subject.flow
    for loop in subject.parts.loops:
        node = loop.open
        source = flow.feeding(node, "iterations_in")
        origin = flow.origin(node, "iterations_in")
        if source is not None and origin is not None and origin[1] in _COUNTED:
            continue
        if source is not None:
            yield Finding(
                node,
                f"iterations_in comes from {source}, not from total_iterations of AudioLoopPlanner; OK if intentional",
                severity=WARN,
                may_be_meant=True,
            )
            continue
        mode = node.inputs.get("mode")
        count = flow.value(node, _COUNTS.get((node.type, mode), "mode.iterations"))
        what = _amount(mode, count)
        stops = loop.close is not None and flow.feeding(loop.close, "stop") is not None
        if not stops:
            yield Finding(node, f"iterations_in is not wired and nothing stops the loop: it always makes {what}")
        else:
            yield Finding(
                node,
                f"iterations_in is not wired: `stop` ends the loop, but after {what} at the latest",
                severity=WARN,
                seen=f"the video of a longer song ends early{_reach(subject, mode, count)}",
            )


_COUNTED = frozenset({"total_iterations", "windows_to_make", "windows"})
"""Outputs that count a plan's iterations, or the windows that are made on a canvas."""

_COUNTS = {
    ("TensorLoopOpen", "total_frames"): "mode.total_frames",
    ("TensorForLoopOpen", None): "iterations",
    ("TensorWhileLoopOpen", None): "max_iterations",
}
"""Widget that says how often, by the opening node's type and mode."""


def _amount(mode: object, count: object) -> str:
    if count is None:
        return "the same number of iterations, whatever the song"
    return f"{count} frames in all" if mode == "total_frames" else f"{count} iterations"


def _reach(subject: Subject, mode: object, count: object) -> str:
    geometry = subject.parts.geometry
    if geometry is None or mode == "total_frames" or not isinstance(count, int):
        return ""
    return f", at {float(geometry.window + count * geometry.stride):.2f} s"
