"""Joins the windows of a run that are on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..latent_ops.join import join
from ..latent_ops.kinds import TIME_AXIS
from ..loop_control.plan import LoopPlan, plan_from_json
from ..loop_control.units import pixels_from_latents
from .errors import CheckpointError
from .store import Store


@dataclass(frozen=True)
class Assembled:
    """Windows of a run, joined.

    Attributes:
        latent: Video LATENT, (B, C, T, H, W).
        plan: The plan of the run.
        start_px: Pixel frame of the whole video that the first one of `latent` is.
        frames: Pixel frames to show: up to the song's end, or to the end of the last window that exists.
        report: One line for people.
    """

    latent: dict[str, Any]
    plan: LoopPlan
    start_px: int
    frames: int
    report: str


def assemble(store: Store, first: int = 0, last: int | None = None) -> Assembled:
    """Joins windows `first` to `last` (both included) of a run.

    Args:
        store: The run.
        first: First window; 0 is the initial render.
        last: Last window; None takes all that follow without a gap.

    Raises:
        CheckpointError: The run has no plan, or a window that is asked for is missing or damaged.
    """
    manifest = store.manifest()
    if manifest.plan is None:
        raise CheckpointError(f"the run {store.run} has no plan and no window; render it first")
    plan = plan_from_json(manifest.plan)
    until = plan.iterations if last is None else last
    if not 0 <= first <= until <= plan.iterations:
        raise CheckpointError(f"windows {first} to {until} are asked for; run {store.run} has 0 to {plan.iterations}")
    latents = []
    for index in range(first, until + 1):
        found = store.load_chosen(index)
        if found is None:
            if last is not None or not latents:
                raise CheckpointError(f"window {index} of run {store.run} is not on disk; queue its workflow to make it")
            break
        latents.append(found.latent)
    final = first + len(latents) - 1
    latent = join(latents)
    # A part that does not begin with the initial render is decoded as if it did: its first latent gives one frame, not eight.
    start_px = plan.segment(final).new_stop_px - pixels_from_latents(latent["samples"].shape[TIME_AXIS])
    stop_px = min(plan.segment(final).new_stop_px, plan.frames_delivered)
    missing = "" if final == until else f"; {until - final} windows are not made yet"
    report = f"run {store.run}: windows {first} to {final} of {plan.iterations}{missing}"
    return Assembled(latent, plan, start_px, stop_px - start_px, report)
