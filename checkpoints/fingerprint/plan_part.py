"""The part of a LoopPlan that decides one window.

Hashing the whole plan would sample every window again if the seed of the last one changes.
"""

from __future__ import annotations

from ...loop_control.model_facts import LTX_23
from ...loop_control.plan import LoopPlan


def plan_part(plan: LoopPlan, index: int) -> tuple[object, ...]:
    """Picks what a window takes from its plan, to be hashed as a value.

    Args:
        plan: The plan.
        index: Of the window; 0 for the initial render.

    Returns:
        Frame rate, overlap in latents, and the window's own place: its frames, audio range and seed; and the facts of the
        model, if they are not LTX 2.3's.

    Raises:
        PlanError: The plan has no such window.
    """
    place = (plan.fps, plan.overlap_latents, plan.nth_window(index))
    return place if plan.model == LTX_23 else (*place, plan.model)
