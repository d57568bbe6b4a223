"""The cheapest windows as a line of the planner's summary, which does not know the size of the video."""

from __future__ import annotations

from ..loop_control.plan import LoopPlan
from ..loop_control.rates import seconds_text
from .architecture import PUBLISHED_22B
from .stage import Stage, flops_per_second
from .window_choice import cheapest_window

SIZES_PX = ((832, 448), (1280, 704), (1920, 1088))
"""Sizes that are usual."""

_SAME = 0.995


def cheapest_windows(plan: LoopPlan) -> str:
    """One sentence: which window would cost least at the usual sizes, and what of this one's sampling; "" for a single window.

    Steps and the first stage's half size are left out: the ratio of two windows does not depend on steps.
    """
    if plan.iterations == 0:
        return ""
    told = [text for size in SIZES_PX if (text := _of_size(plan, *size))]
    if not told:
        return ""
    return f"Cheapest window at this overlap, by count, beside {seconds_text(plan.window)}: {', '.join(told)}."


def _of_size(plan: LoopPlan, width_px: int, height_px: int) -> str:
    stage = Stage(width_px, height_px, 1, guide_latents=1)
    choice = cheapest_window(PUBLISHED_22B, stage, plan.requested_overlap, plan.fps)
    if choice is None:
        return ""
    factor = choice.flops_per_second / flops_per_second(PUBLISHED_22B, stage, plan)
    return f"{width_px}x{height_px} {choice.seconds} s (x{factor:.2f})" if factor <= _SAME else ""
