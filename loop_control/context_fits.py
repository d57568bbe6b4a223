"""Whether a plan suits a loop in which each window goes on from the one before."""

from __future__ import annotations

from .errors import PlanError
from .plan import LoopPlan
from .rates import decimal_text, seconds_text
from .units import pixels_from_latents
from .window_order import IN_TURN


def require_in_turn(plan: LoopPlan) -> None:
    """Refuses a plan that makes other windows first, for a node that knows nothing but the window before.

    Raises:
        PlanError: The plan's order is another.
    """
    if plan.order != IN_TURN:
        raise PlanError(
            f"order of the planner is {plan.order!r}, but in this loop each window goes on from the one before: set it to "
            f"{IN_TURN!r}, or use a workflow whose loop works on a canvas (Window of Canvas)"
        )


def check_context_fits(plan: LoopPlan) -> None:
    """Refuses an overlap that the loop could not take from what one window hands to the next: its new latents alone.

    Raises:
        PlanError: A window adds fewer latents than the next one takes as its context.
    """
    if plan.iterations < 2 or plan.overlap_latents <= plan.new_latents:
        return
    largest = pixels_from_latents(plan.window_latents // 2) / plan.fps
    asked = decimal_text(plan.requested_overlap, 9)
    raise PlanError(
        f"overlap_seconds is {asked}, which is {plan.overlap_latents} latents, but each window adds only "
        f"{plan.new_latents}, and the next one takes its context from those; the largest overlap that works with this "
        f"window is {seconds_text(largest)}"
    )
