"""A draft enlarged into the canvas of the second stage, one window of that stage at a time.

The upscale model's group normalisation goes over the whole clip that it is given. Given a window's own stretch, what the
window starts from depends on the draft under that window alone, and memory does not grow with the song.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ..loop_control.draft_length import latents_needed, or_less
from ..loop_control.plan import LoopPlan
from ..loop_control.units import pixels_from_latents
from .canvas import canvas_latents
from .kinds import TIME_AXIS, Latent, LatentError, cut_and_hold, require_video, shape_text, with_samples


def missing_latents(draft: Latent, plan: LoopPlan) -> int:
    """Latents that the windows of `plan` reach beyond the end of the draft; 0 or less if they do not.

    The plans of two stages round the last window each in its own way, so a few may be missing behind the song's end, where
    nobody sees them (`ends_early`).
    """
    return canvas_latents(plan) - require_video(draft, "draft").shape[TIME_AXIS]


def ends_early(draft: Latent, plan: LoopPlan) -> str:
    """The words for a draft (B, C, t, H, W) that ends before the video of `plan` does; "" if it does not."""
    samples = require_video(draft, "draft")
    found, needed = samples.shape[TIME_AXIS], latents_needed(plan)
    if found >= needed:
        return ""
    return (
        f"draft of shape {shape_text(samples)} has {found} latents ({pixels_from_latents(found)} frames), but the video of "
        f"the plan has {plan.frames_delivered} frames, which takes {needed}: it was stopped early or made for another "
        f"song; let the draft be made to its end{or_less(found, plan)}"
    )


def enlarged_canvas(
    draft: Latent,
    plan: LoopPlan,
    enlarge: Callable[[dict[str, Any]], Latent],
    finished: Callable[[int], None],
    *,
    whole: bool = True,
) -> dict[str, Any]:
    """A canvas (B, C, T, 2H, 2W) in which each window of the plan finds its own stretch of the draft, enlarged.

    If the plan reaches beyond the draft (see `missing_latents`), the draft's last latent is repeated.

    Args:
        draft: video latent (B, C, t, H, W) of the same song. A noise mask in it is ignored.
        plan: of the second stage.
        enlarge: makes (B, C, N, 2H, 2W) of a stretch (B, C, N, H, W).
        finished: called with the number of windows that are enlarged, after each.
        whole: refuse a draft that ends before the video does; else the canvas ends with it, and no window can be made on it.

    Raises:
        LatentError: The draft is too short (see `ends_early`), or the upscale model changes more than height and width.
    """
    samples = require_video(draft, "draft")
    length = canvas_latents(plan)
    if problem := ends_early(draft, plan):
        if whole:
            raise LatentError(problem)
        length = samples.shape[TIME_AXIS]
    canvas: Tensor | None = None
    for window in (each for each in plan.windows if each.added_latents[0] < length):
        start, stop = window.latents
        large = require_video(enlarge(with_samples(draft, cut_and_hold(samples, start, stop))), "enlarged draft")
        if large.shape[: TIME_AXIS + 1] != (*samples.shape[:TIME_AXIS], stop - start):
            raise LatentError(
                f"the upscale model makes {shape_text(large)} of {stop - start} latents of the draft of shape "
                f"{shape_text(samples)}; load a spatial one, such as ltx-2.3-spatial-upscaler-x2"
            )
        if canvas is None:
            canvas = large.new_zeros(*large.shape[:TIME_AXIS], length, *large.shape[TIME_AXIS + 1 :])
        first, end = window.added_latents[0], min(window.added_latents[1], length)
        canvas[:, :, first:end] = large[:, :, first - start : end - start]
        finished(window.index + 1)
    return with_samples(draft, canvas)
