"""Prompts are not mixed without need."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import SCHEDULES
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="blend_seconds is 0: every window is made from one prompt",
    seen="one odd window at each change of prompt; with a long blend, prompts that all look alike",
    why="a window has one conditioning, so a blend is one window (or more) made from a mixture, not a ramp",
    mend="set blend_seconds to 0, unless the mixture is meant",
)
def blend_seconds(subject: Subject) -> Iterator[Finding]:
    """Looks at each node that reads a schedule."""
    flow, geometry = subject.flow, subject.parts.geometry
    for node in flow.of_type(SCHEDULES):
        blend = flow.number(node, "blend_seconds")
        if not blend:
            continue
        told = f"blend_seconds is {blend:g}"
        if geometry is not None and blend < geometry.stride:
            told += f", less than the stride of {float(geometry.stride):.2f} s; it is taken as that"
        elif geometry is not None and blend >= 2 * geometry.stride:
            told += f", two strides or more: hardly a window is made from one prompt (stride {float(geometry.stride):.2f} s)"
        yield Finding(node, told)
