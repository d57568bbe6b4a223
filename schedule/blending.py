"""The blend of two prompts that meet: the share of the next one in each window.

With snapping, the ramp is a raised cosine centred on the boundary: `0.5 * (1 - cos(pi * t))`, `t` from 0 to 1 over
`blend_seconds`. A window samples it once, so a blend of one stride gives a single window at 0.5 and is no ramp;
three strides give 0.067, 0.5, 0.933.

If entries are shorter than the blend, ramps would run into each other, and a window would need three prompts.
So no ramp reaches past the middle of an entry: each side of it is cut to half the way to the neighbouring boundary. The
factor stays 0.5 on the boundary and every entry is reached in full.

Without snapping it is the older ramp: a straight line that ends on the boundary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic

from ..loop_control.excerpt import excerpt_of
from ..loop_control.rates import read_number, seconds_text
from .errors import ScheduleError
from .parser import Entry, Value
from .snapping import Seconds, SnapReport
from .spans import step_at

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Blend(Generic[Value]):
    """The prompt of one window: `(1 - factor)` of `current` and `factor` of `next`.

    Attributes:
        current: The entry that leads up to here.
        next: The entry that follows it; the same one if none does.
        factor: In `[0, 1)`.
        time: Second at which the window starts.
    """

    current: Entry[Value]
    next: Entry[Value]
    factor: float
    time: Fraction


@dataclass(frozen=True)
class EffectiveBlend:
    """The blend that is used, in seconds, and a warning if it is not the one that was asked for."""

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
            f"{seconds_text(step)}: one window mixes both prompts by half. Write 0 for hard cuts.",
        )
    return EffectiveBlend(blend, None)


def blend_at(report: SnapReport[Value], window: int, blend_seconds: Seconds) -> Blend[Value]:
    """The blend of `window`; 0 is the initial render.

    Args:
        report: The schedule on the grid of windows, made once for all of them. If it was snapped, the ramp is a raised
            cosine and `effective_blend` is applied; else it is the older line in front of the boundary.
        window: Number of the window.
        blend_seconds: Length of a ramp.

    Raises:
        ScheduleError: The blend is negative.
        PlanError: A value is not a number.
    """
    effective = effective_blend(blend_seconds, report.stride)
    if report.snap:
        return _raised_cosine(report, window, effective.seconds)
    return _line(report, window, read_number(blend_seconds, "blend_seconds"))


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
    return excerpt_of(sentences, "shortened blends")


def _raised_cosine(report: SnapReport[Value], window: int, blend: Fraction) -> Blend[Value]:
    time = report.grid.start(window)
    steps, last = report.steps, step_at(report.steps, window)
    # No ramp reaches past the middle of an entry, so only the boundaries on either side can be near enough.
    for index in (last, last + 1):
        if not 1 <= index < len(steps):
            continue
        boundary, entry = steps[index]
        before, after = _half_widths(report, index, blend)
        distance = window - boundary
        if -before < distance < after:
            t = HALF + distance / (2 * (after if distance > 0 else before))
            # By way of the sine the middle is 0.5 exactly; the cosine of a right angle is not 0 in floating point.
            factor = 0.5 + 0.5 * math.sin(math.pi * (t - HALF))
            return Blend(steps[index - 1][1], entry, factor, time)
    following = min(last + 1, len(steps) - 1)
    return Blend(steps[last][1], steps[following][1], 0.0, time)


def _half_widths(report: SnapReport[Value], index: int, blend: Fraction) -> tuple[Fraction, Fraction]:
    """Reach of the ramp of step `index` before and behind its boundary, in strides."""
    steps, half = report.steps, blend / report.stride / 2
    boundary = steps[index][0]
    # The first entry has no boundary in front of it that a ramp could run into.
    before = half if index == 1 else min(half, Fraction(boundary - steps[index - 1][0], 2))
    after = half if index + 1 == len(steps) else min(half, Fraction(steps[index + 1][0] - boundary, 2))
    return before, after


def _line(report: SnapReport[Value], window: int, blend: Fraction) -> Blend[Value]:
    time, seen = report.grid.start(window), report.grid.time(window)
    steps = report.schedule.steps
    index = step_at(steps, seen)
    current = steps[index][1]
    if index + 1 == len(steps):
        return Blend(current, current, 0.0, time)
    start, following = steps[index + 1]
    ahead = start - seen
    return Blend(current, following, float(1 - ahead / blend) if ahead < blend else 0.0, time)
