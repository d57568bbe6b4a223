"""The moments of a video at which another prompt can begin to be seen."""

from __future__ import annotations

from fractions import Fraction

from ..loop_control.plan import LoopPlan


def visible_boundaries(plan: LoopPlan) -> tuple[Fraction, ...]:
    """Seconds at which the new frames of each window begin that is seen at all, rising, from 0 on."""
    end = video_end(plan)
    starts = {plan.visible_from(window) for window in range(plan.iterations + 1)}
    return tuple(sorted(start for start in starts if start < end))


def video_end(plan: LoopPlan) -> Fraction:
    """Second at which the video ends: with the song, or before it if the loop is capped."""
    return min(plan.duration, plan.made)
