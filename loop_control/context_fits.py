"""Whether a plan's overlap can be cut from what one window hands to the next."""

from __future__ import annotations

from .errors import PlanError
from .plan import LoopPlan
from .rates import decimal_text, seconds_text
from .units import pixels_from_latents


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
