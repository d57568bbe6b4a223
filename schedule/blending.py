"""How much of the next prompt an iteration takes where two prompts meet.

With snapping, the ramp is a raised cosine centred on the boundary: `0.5 * (1 - cos(pi * t))`, `t` from 0 to 1 over
`blend_seconds`. An iteration samples it once, so a blend of one stride gives a single iteration at 0.5 and is no ramp;
three strides give 0.067, 0.5, 0.933.

Where entries are shorter than the blend, ramps would run into each other, and an iteration would need three prompts.
So no ramp reaches past the middle of an entry: each side of it is cut to half the way to the neighbouring boundary. The
factor stays 0.5 on the boundary and every entry is reached in full.

Without snapping it is the older rule: a straight line that ends on the boundary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic

from ..loop_control.rates import read_number, seconds_text
from .errors import ScheduleError
from .parser import Entry, Schedule, Value
from .snapping import Seconds, SnapReport, snap_schedule

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Blend(Generic[Value]):
    """What one iteration takes: `(1 - factor)` of `current` and `factor` of `next`.

    Attributes:
        current: The entry that leads up to here.
        next: The entry that follows it; the same one where none does.
        factor: In `[0, 1)`.
        time: Second at which the iteration's window starts.
    """

    current: Entry[Value]
    next: Entry[Value]
    factor: float
    time: Fraction


@dataclass(frozen=True)
class EffectiveBlend:
    """The blend that is used, in seconds, and a warning where it is not the one that was asked for."""

    seconds: Fraction
    warning: str | None


def effective_blend(blend_seconds: Seconds, stride: Seconds) -> EffectiveBlend:
    """Raises a blend between 0 and one stride to one stride: below that, whether a ramp is met at all is chance.

    Raises:
        ScheduleError: The blend is negative.
        PlanError: A value is not a number.
    """
    blend, step = read_number(blend_seconds, "blend_seconds"), read_number(stride, "stride_seconds")
    if blend < 0:
        raise ScheduleError(f"cannot be blended over {blend_seconds} s; write 0 for hard cuts, or {seconds_text(step)}")
    if 0 < blend < step:
        return EffectiveBlend(
            step,
            f"blend_seconds {seconds_text(blend)} is shorter than the stride and was raised to it, "
            f"{seconds_text(step)}: one iteration mixes both prompts by half. Write 0 for hard cuts.",
        )
    return EffectiveBlend(blend, None)


def blend_at(
    schedule: Schedule[Value], iteration: int, stride: Seconds, blend_seconds: Seconds, snap: bool = True
) -> Blend[Value]:
    """What `iteration` takes; 0 is the initial render.

    Args:
        schedule: From `parse_schedule`.
        iteration: Number of the iteration.
        stride: Seconds between windows.
        blend_seconds: Length of a ramp; with `snap`, `effective_blend` is applied to it.
        snap: True for boundaries on the grid and a raised cosine, False for the older line in front of the boundary.

    Raises:
        ScheduleError: The blend is negative or the stride not above 0.
        PlanError: A value is not a number.
    """
    report = snap_schedule(schedule, stride, snap=snap)
    effective = effective_blend(blend_seconds, report.stride)
    if snap:
        return _raised_cosine(report, iteration, effective.seconds)
    return _line(schedule, iteration * report.stride, read_number(blend_seconds, "blend_seconds"))


def shortened_ramps(report: SnapReport[Value], blend_seconds: Seconds) -> tuple[str, ...]:
    """A sentence for each boundary whose ramp is shorter than the blend, because an entry beside it is short."""
    blend = effective_blend(blend_seconds, report.stride).seconds
    sentences = []
    for index in range(1, len(report.steps)):
        before, after = _half_widths(report, index, blend)
        taken = (before + after) * report.stride
        if taken < blend:
            sentences.append(
                f"the blend into line {report.steps[index][1].line} takes {seconds_text(taken)} "
                f"instead of {seconds_text(blend)}, because an entry beside it is short."
            )
    return tuple(sentences)


def _raised_cosine(report: SnapReport[Value], iteration: int, blend: Fraction) -> Blend[Value]:
    time = iteration * report.stride
    last = 0
    for index in range(1, len(report.steps)):
        boundary, entry = report.steps[index]
        before, after = _half_widths(report, index, blend)
        distance = iteration - boundary
        if -before < distance < after:
            t = HALF + distance / (2 * (after if distance > 0 else before))
            # By way of the sine the middle is 0.5 exactly; the cosine of a right angle is not 0 in floating point.
            factor = 0.5 + 0.5 * math.sin(math.pi * (t - HALF))
            return Blend(report.steps[index - 1][1], entry, factor, time)
        if distance >= 0:
            last = index
    following = min(last + 1, len(report.steps) - 1)
    return Blend(report.steps[last][1], report.steps[following][1], 0.0, time)


def _half_widths(report: SnapReport[Value], index: int, blend: Fraction) -> tuple[Fraction, Fraction]:
    """How far the ramp of step `index` reaches before and behind its boundary, in strides."""
    steps, half = report.steps, blend / report.stride / 2
    boundary = steps[index][0]
    # The first entry has no boundary in front of it that a ramp could run into.
    before = half if index == 1 else min(half, Fraction(boundary - steps[index - 1][0], 2))
    after = half if index + 1 == len(steps) else min(half, Fraction(steps[index + 1][0] - boundary, 2))
    return before, after


def _line(schedule: Schedule[Value], time: Fraction, blend: Fraction) -> Blend[Value]:
    current = schedule.at(time)
    for start, entry in schedule.steps:
        if start > time:
            ahead = start - time
            return Blend(current, entry, float(1 - ahead / blend) if ahead < blend else 0.0, time)
    return Blend(current, current, 0.0, time)
