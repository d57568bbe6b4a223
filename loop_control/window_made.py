"""Which window a pass of the loop makes, and which window of the draft lies under it."""

from __future__ import annotations

from fractions import Fraction

from .errors import PlanError
from .plan import LoopPlan
from .planned_window import PlannedWindow
from .rates import fps_text, seconds_text, told_apart


def window_made(plan: LoopPlan, current_iteration: int) -> PlannedWindow:
    """The window that pass `current_iteration` of a loop over `plan.sequence` makes; 1 is the first pass.

    Raises:
        PlanError: The plan has fewer windows to make.
    """
    if not 1 <= current_iteration <= len(plan.sequence):
        raise PlanError(
            f"current_iteration is {current_iteration}; the plan has {len(plan.sequence)} windows to make, so it goes from 1 "
            f"to {len(plan.sequence)}: let Tensor Loop Open count that many"
        )
    return plan.nth_window(plan.sequence[current_iteration - 1])


def draft_window(plan: LoopPlan, index: int, draft_plan: LoopPlan) -> int:
    """The window of the draft that is seen at the middle of what window `index` adds; the draft's last if it ends before.

    Frames behind the song's end are not seen and do not count.

    Raises:
        PlanError: The two plans are not for the same song at the same frame rate.
    """
    if plan.fps != draft_plan.fps:
        raise PlanError(
            f"draft_plan has {fps_text(draft_plan.fps)} fps, plan has {fps_text(plan.fps)}; plan both stages with the same fps"
        )
    if plan.duration != draft_plan.duration:
        of_draft, own = told_apart(draft_plan.duration, plan.duration)
        raise PlanError(f"draft_plan is for a song of {of_draft}, plan for one of {own}; plan both stages from the same audio")
    window = plan.nth_window(index)
    seen_stop_px = max(window.new_start_px + 1, min(window.new_stop_px, plan.frames_delivered))
    middle_px = (window.new_start_px + seen_stop_px) // 2
    adds = (each.index for each in draft_plan.windows if each.new_start_px <= middle_px < each.new_stop_px)
    return next(adds, draft_plan.iterations)


def window_report(window: PlannedWindow, fps: Fraction) -> str:
    """One line for people: where the window lies, what it sees and what it adds."""
    start, stop = window.added_latents
    seen = f"{window.context_before_latents} latents before and {window.context_after_latents} after"
    sees = f"sees {seen} (mask 0)" if window.context_before_latents or window.context_after_latents else "sees no neighbour"
    return (
        f"window {window.index}: {window.window_latents} latents from {seconds_text(window.window_start_px / fps)}; {sees}; "
        f"adds {stop - start} latents, {seconds_text(window.new_start_px / fps)} to {seconds_text(window.new_stop_px / fps)}"
    )
