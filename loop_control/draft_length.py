"""Whether a draft is as long as the video that is to be finished from it."""

from __future__ import annotations

from .plan import LoopPlan
from .units import latents_from_pixels, smallest_clip_px
from .window_order import IN_TURN


def latents_needed(plan: LoopPlan) -> int:
    """Latents that the video of `plan` takes, to its last frame that is seen."""
    return latents_from_pixels(smallest_clip_px(plan.frames_delivered))


def draft_latents(draft_plan: LoopPlan) -> int:
    """Latents that a draft of this plan has; on a canvas it is whole, whichever windows are wanted."""
    if draft_plan.order != IN_TURN:
        return latents_from_pixels(draft_plan.frames_made)
    return draft_plan.nth_window(draft_plan.sequence[-1]).latents[1]


def or_less(latents: int, plan: LoopPlan) -> str:
    """The words for the cap that lets `plan` end before a draft of so many latents does; "" if none does."""
    most = (latents - plan.window_latents) // plan.new_latents
    return f", or set max_iterations of this stage's planner to {most} to finish what there is" if most > 0 else ""
