"""Joins the windows of a run that are on disk and belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...latent_ops.join import join
from ...latent_ops.kinds import TIME_AXIS, require_video, shape_text
from ...loop_control.plan import LoopPlan
from ...loop_control.retake_span import added_latents
from ...loop_control.stored_plan import plan_from_json
from ...loop_control.units import pixels_from_latents
from ..errors import CheckpointError
from ..fingerprint.tensor_hash import hash_value
from ..segments.codec import Found
from .chain import find_chain
from .locked_place import check_place
from .manifest import Manifest, StoredTake
from .store import Store


@dataclass(frozen=True)
class Assembled:
    """Windows of a run, joined.

    Attributes:
        latent: Video LATENT, (B, C, T, H, W).
        plan: The plan of the run.
        start_px: Pixel frame of the whole video that the first one of `latent` is.
        frames: Pixel frames to show: up to the song's end, or to the end of the last window that exists.
        report: What was joined, for people: one line, and a further one for each thing to know.
        is_incomplete: Whether windows of the plan are missing or were left out, or there is another thing to know.
    """

    latent: dict[str, Any]
    plan: LoopPlan
    start_px: int
    frames: int
    report: str
    is_incomplete: bool = False


def assemble(store: Store, first: int = 0, last: int | None = None, picks: Mapping[int, int] | None = None) -> Assembled:
    """Joins windows `first` to `last` (both included) of a run, each of which continues the one before.

    Args:
        store: The run.
        first: First window; 0 is the initial render.
        last: Last window; None takes all that follow and belong to it.
        picks: Window -> number of the take to join (from 1); else as `find_chain` finds them.

    Raises:
        CheckpointError: The run has no plan; a window that is asked for is missing, damaged, of another size, or continues
            another window than the one before it; a locked or picked one was made for another time of the song.
    """
    manifest = store.manifest()
    if manifest.plan is None:
        raise CheckpointError(f"the run {store.run} has no plan and no window; render it first")
    windows = _Windows(store)
    plan, notes = _plan(plan_from_json(manifest.plan), manifest, windows, first)
    until = plan.iterations if last is None else last
    if not 0 <= first <= until <= plan.iterations:
        raise CheckpointError(f"windows {first} to {until} are asked for; run {store.run} has 0 to {plan.iterations}")
    chain = find_chain(manifest, first, until, windows.content_of, picks)
    if chain.ended and (last is not None or not chain.takes):
        raise CheckpointError(f"run {store.run} cannot be joined up to window {until}: {chain.ended}")
    latents = [windows.found(first + position, stored).latent for position, stored in enumerate(chain.takes)]
    _check_sizes(store.run, first, latents)
    final = first + len(latents) - 1
    plan = _in_order_of(windows.plan_of(final, chain.takes[-1]), plan)
    mode = _join_mode(store.run, plan, first, latents)
    for index, stored in enumerate(chain.takes, first):
        if manifest.window(index).locked or index in (picks or {}):
            check_place(plan, index, windows.found(index, stored), is_same_song=True)
    if mode != "disabled":
        notes.append("the windows hold what they share: neighbours are faded into each other, as Latent Overlap Crossfade does")
    latent = join(latents, mode, 0 if mode == "disabled" else plan.overlap_latents)
    # A part that does not begin with the initial render is decoded as if it did: its first latent gives one frame, not eight.
    start_px = plan.nth_window(final).new_stop_px - pixels_from_latents(latent["samples"].shape[TIME_AXIS])
    stop_px = min(plan.nth_window(final).new_stop_px, plan.frames_delivered)
    more = f"; {chain.ended}" if chain.ended else ""
    lines = [f"run {store.run}: windows {first} to {final} of {plan.iterations}{more}", *notes, *chain.notes]
    is_incomplete = bool(chain.ended) or len(lines) > 1
    return Assembled(latent, plan, start_px, stop_px - start_px, "\n".join(lines), is_incomplete)


class _Windows:
    """Reads each window once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[tuple[int, str], tuple[Found, str] | None] = {}

    def content_of(self, index: int, stored: StoredTake) -> str | None:
        found = self._found(index, stored)
        return None if found is None else found[1]

    def plan_of(self, index: int, stored: StoredTake) -> Mapping[str, Any] | None:
        found = self._found(index, stored)
        return None if found is None else found[0].plan

    def found(self, index: int, stored: StoredTake) -> Found:
        found = self._found(index, stored)
        if found is None:
            raise CheckpointError(f"window {index} of run {self._store.run} is not on disk any more; queue its workflow")
        return found[0]

    def _found(self, index: int, stored: StoredTake) -> tuple[Found, str] | None:
        key = index, stored.take.fingerprint
        if key not in self._read:
            found = self._store.load(index, stored)
            place = stored.take.place
            self._read[key] = None if found is None else (found, place.content if place else hash_value(found.latent).hex())
        return self._read[key]


def _plan(latest: LoopPlan, manifest: Manifest, windows: _Windows, first: int) -> tuple[LoopPlan, list[str]]:
    """The run's latest plan, or that of its windows if the latest is for another song or grid."""
    window = manifest.window(first)
    chosen = window.find(window.chosen)
    own = None if chosen is None else windows.plan_of(first, chosen)
    if own is None or _grid(plan := plan_from_json(own)) == _grid(latest):
        return latest, []
    return plan, ["the run's latest plan is for another song or another grid: the windows are joined by the plan they have"]


def _in_order_of(made_by: Mapping[str, Any] | None, plan: LoopPlan) -> LoopPlan:
    """The plan, in the order of the window that was joined last: a run may hold windows of both."""
    own = None if made_by is None else plan_from_json(made_by)
    return plan if own is None or _grid(own) != _grid(plan) else replace(plan, order=own.order)


def _grid(plan: LoopPlan) -> tuple[Any, ...]:
    return plan.fps, plan.window_px, plan.overlap_latents, plan.audio_samples, plan.sample_rate


def _join_mode(run: str, plan: LoopPlan, first: int, latents: list[dict[str, Any]]) -> str:
    """How windows meet: each adds its new latents alone, or holds the overlap too, as graphs that crossfade keep them."""
    lengths = {number: latent["samples"].shape[TIME_AXIS] for number, latent in enumerate(latents, first)}
    lengths.pop(0, None)
    new = {number: stop - start for number in lengths for start, stop in [added_latents(plan, number)]}
    whole = {number: plan.nth_window(number).window_latents for number in lengths}
    if lengths == new:
        return "disabled"
    if lengths == whole:
        return "fade_smooth"
    number = next(number for number in lengths if lengths[number] != new[number])
    raise CheckpointError(
        f"window {number} of run {run} has {lengths[number]} latents; the plan gives it {new[number]} new ones, or "
        f"{whole[number]} with the overlap. It was made for another window or overlap: queue its workflow to make it anew, "
        "and free it if it is locked"
    )


def _check_sizes(run: str, first: int, latents: list[dict[str, Any]]) -> None:
    def outline(latent: dict[str, Any]) -> tuple[int, ...]:
        shape = require_video(latent).shape
        return (*shape[:TIME_AXIS], *shape[TIME_AXIS + 1 :])

    for number, latent in enumerate(latents[1:], first + 1):
        if outline(latent) != outline(latents[0]):
            sizes = shape_text(latent["samples"]), shape_text(latents[0]["samples"])
            raise CheckpointError(
                f"window {number} of run {run} has another size than window {first} ({sizes[0]} beside {sizes[1]}). Free it "
                "if it is locked, or join the windows before it and those behind it apart ('first' and 'last')"
            )
