"""The part of a LoopPlan that decides one iteration.

Hashing the whole plan would sample every iteration again where the seed of the last one changes.
"""

from __future__ import annotations

from ...loop_control.plan import LoopPlan


def plan_part(plan: LoopPlan, iteration: int) -> tuple[object, ...]:
    """Picks what an iteration takes from its plan, to be hashed as a value.

    Args:
        plan: The plan.
        iteration: 0 for the initial render.

    Returns:
        Frame rate, overlap in latents, and the window's own place: its frames, audio range and seed.

    Raises:
        PlanError: The plan has no such iteration.
    """
    return (plan.fps, plan.overlap_latents, plan.window_at(iteration))
