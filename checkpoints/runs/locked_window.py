"""Refuses a locked window that does not fit the render which it is to stand in."""

from __future__ import annotations

from typing import Any

from ...latent_ops.kinds import TIME_AXIS, shape_text, tensors_of
from ...loop_control.plan import LoopPlan
from ...loop_control.retake_span import added_latents
from ..errors import CheckpointError
from ..segments.codec import Found


def check_locked(plan: LoopPlan, index: int, found: Found, previous: Any) -> None:
    """Says by name what else would fail when windows are joined, or shift everything behind the window.

    Args:
        plan: Of the render.
        index: The window.
        found: Its locked take.
        previous: The LATENT that it would continue.

    Raises:
        CheckpointError: The take has another picture size or another length than the render.
    """
    locked, beside = tensors_of(found.latent["samples"])[0], tensors_of(previous["samples"])[0]
    way_out = f"Free it ('locked' or 'takes' of its checkpoint), or render in the size that it has; its prompt: {_words(found)}"
    if locked.ndim == beside.ndim and _outline(locked) != _outline(beside):
        raise CheckpointError(
            f"window {index} is locked to a take of another size: {shape_text(locked)}, this render has "
            f"{shape_text(beside)}. {way_out}"
        )
    start, stop = added_latents(plan, index)
    fitting = {stop - start, plan.nth_window(index).window_latents}
    was_other_grid = found.plan is not None and found.plan.get("outcome", {}).get("window_px") != plan.window_px
    if locked.shape[TIME_AXIS] not in fitting and was_other_grid:
        raise CheckpointError(
            f"window {index} is locked to a take of another length: {locked.shape[TIME_AXIS]} latents, this render's has "
            f"{' or '.join(map(str, sorted(fitting)))}. {way_out}"
        )


def is_of_size(latent: Any, other: Any) -> bool:
    """Whether two LATENTs have the same picture size, whatever their lengths."""
    return _outline(tensors_of(latent["samples"])[0]) == _outline(tensors_of(other["samples"])[0])


def _outline(samples: Any) -> tuple[int, ...]:
    return (*samples.shape[:TIME_AXIS], *samples.shape[TIME_AXIS + 1 :])


def _words(found: Found) -> str:
    return repr(found.take.prompt[:60]) if found.take.prompt else "not known"
