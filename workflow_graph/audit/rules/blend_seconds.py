"""Prompts are not mixed without need."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from ....loop_control.rates import read_number
from ...node_kinds import SCHEDULES
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="blend_seconds is 0: every window is made from one prompt",
    seen="one odd window at each change of prompt; with a long blend, prompts that all look alike",
    why="a window has one conditioning: up to two strides a blend is one window made from a mixture, beyond that three or more",
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
        # Without snapping the mixture is a line in front of the time that is written, of any length.
        if geometry is not None and blend > 0 and flow.value(node, "snap_boundaries") is not False:
            stride = f"{float(geometry.stride):.2f} s"
            if blend < geometry.stride:
                told += f", less than the stride of {stride}; it is taken as that"
            count = mixed_windows(read_number(blend, "blend_seconds"), geometry.stride)
            told += f": {count} window{'s' if count > 1 else ''} at each change mixed from two prompts (stride {stride})"
        yield Finding(node, told)


def mixed_windows(blend: Fraction, stride: Fraction) -> int:
    """Windows around a change that snapping mixes, if the entries beside it are long enough: an odd number."""
    return 2 * math.ceil(max(blend, stride) / (2 * stride)) - 1
