"""Keeps a part of a run that was made again: a new take of every window that it changed, the others as they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch

from ...files.hashing import digest_parts, short_hex
from ...latent_ops.kinds import TIME_AXIS, cut, require_video, with_samples
from ...loop_control.plan import LoopPlan
from ...loop_control.retake_span import RetakeSpan, added_latents
from ..errors import CheckpointError
from ..fingerprint.tensor_hash import hash_value
from ..take import RETAKE_PART, Place, Retake, Take
from .store import Store


def touched_windows(plan: LoopPlan, span: RetakeSpan) -> tuple[int, ...]:
    """The windows whose own latents the span changes."""
    first, stop = span.changed
    bounds = ((index, *added_latents(plan, index)) for index in range(plan.iterations + 1))
    return tuple(index for index, start, end in bounds if start < stop and first < end)


def prompt_of(store: Store, plan: LoopPlan, span: RetakeSpan) -> str:
    """The prompt that the first window of the span was made with.

    Raises:
        CheckpointError: It is not known.
    """
    first = next(index for index in touched_windows(plan, span) if added_latents(plan, index)[1] > span.start)
    window = store.manifest().window(first)
    stored = window.find(window.chosen)
    if stored is None or not stored.take.prompt.strip():
        raise CheckpointError(f"run {store.run} does not know the prompt of window {first}; write one into 'prompt'")
    return stored.take.prompt


def check_whole(store: Store, plan: LoopPlan, whole: Mapping[str, Any]) -> None:
    """Refuses a latent that is not what the run has on disk from its first window on.

    Raises:
        CheckpointError: It begins elsewhere, or ends within a window.
    """
    total = require_video(whole).shape[TIME_AXIS]
    ends = [added_latents(plan, index)[1] for index in range(plan.iterations + 1)]
    if total not in ends:
        known = ", ".join(str(end) for end in ends[:4])
        raise CheckpointError(
            f"the latent has {total} latent frames; windows 0 to k of run {store.run} have {known} and so on. Load the run "
            "from its first window: first 0, last -1"
        )


def check_chosen(store: Store, plan: LoopPlan, span: RetakeSpan, whole: Mapping[str, Any]) -> None:
    """Refuses a latent whose windows in the span are not the run's chosen takes: a retake replaces those, and no others.

    Raises:
        CheckpointError: One is another take, or windows were faded into each other.
    """
    for index in touched_windows(plan, span):
        found = store.load_chosen(index)
        start, stop = added_latents(plan, index)
        there = cut(whole["samples"], start, min(stop, whole["samples"].shape[TIME_AXIS]))
        if found is None or not torch.equal(found.latent["samples"], there.to(found.latent["samples"])):
            raise CheckpointError(
                f"window {index} of the latent is not the chosen take of run {store.run}, so it cannot be replaced: choose it "
                "in the render's own workflow ('takes' of Keep each window) and leave 'takes' of Load Loop Checkpoint "
                "empty. Windows that were made to be crossfaded cannot be made again one by one"
            )


def keep_retake(
    store: Store,
    plan: LoopPlan,
    span: RetakeSpan,
    whole: Mapping[str, Any],
    *,
    seed: int,
    prompt: str,
    seconds: float,
    versions: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, ...]:
    """Adds and chooses a take of every window that the retake changed. Earlier takes stay and can be chosen again.

    Args:
        store: The run.
        plan: Of the run.
        span: What was made again.
        whole: The run's video latent (B, C, T, H, W) with the retake in it.
        seed: That it was sampled with.
        prompt: That it was sampled with.
        seconds: Wall time.
        versions: Software -> version that it was sampled with.

    Returns:
        The windows that have a new take.

    Raises:
        CheckpointError: A window is not on disk any more, or cannot be kept.
    """
    windows = touched_windows(plan, span)
    for index in windows:
        before = store.load_chosen(index)
        if before is None:
            raise CheckpointError(f"window {index} of run {store.run} is not on disk any more; the retake is not kept")
        start, stop = added_latents(plan, index)
        stop = min(stop, whole["samples"].shape[TIME_AXIS])
        latent = with_samples(before.latent, cut(whole["samples"], start, stop).to("cpu"))
        content = hash_value(latent)
        earlier = before.take.retake
        retake = Retake(
            of=earlier.of if earlier else before.take.fingerprint,
            content=content.hex(),
            stands_for=earlier.stands_for if earlier else hash_value(before.latent).hex(),
        )
        place = before.take.place
        take = Take(
            fingerprint=digest_parts("retake", retake.of, content).hex(),
            prompt=prompt,
            seed=seed,
            components={**before.take.components, RETAKE_PART: short_hex(content)},
            seconds=round(seconds, 3),
            retake=retake,
            place=None if place is None else Place(content.hex(), place.continues, place.follows, place.meets),
            versions=versions,
        )
        store.save(index, latent, take, made_by=before.plan)
        store.choose(index, take.fingerprint, lock=before.locked)
    return windows
