"""From one window to the next: the tail it shows as context, and the new part that is kept.

For a window of T video latents and an overlap of N: `context_tail` gives the last N latents of the window before,
`overlap_trim` drops the first N latents of the window after. Neither carries a `noise_mask` on, because the mask of one
window says nothing about the next (see `window.py`).

In an audio-video latent the audio is cut where the pictures are: the N latents that start a window are
`pixels_from_latents(N)` pixel frames, and the next window starts exactly that many frames before this one ends.
"""

from __future__ import annotations

from typing import Any

from ..loop_control.units import pixels_from_latents
from .audio_rate import audio_latents_until, leading_audio_latents
from .kinds import (
    TIME_AXIS,
    Latent,
    LatentError,
    LatentKind,
    cut,
    renest,
    require_timed,
    samples_of,
    shape_text,
    tensors_of,
    with_samples,
)


def context_tail(latent: Latent, overlap_latents: int) -> dict[str, Any]:
    """The last `overlap_latents` latents, without a noise mask.

    Args:
        latent: video (B, C, T, H, W), audio (B, C, T, F) or both nested.
        overlap_latents: 1 to T; counts video latents if there is video, else audio latents.

    Raises:
        LatentError: `overlap_latents` is not in 1..T, `latent` has no time axis, or its audio is too short.
    """
    kind = require_timed(latent)
    parts = tensors_of(latent["samples"])
    total = parts[0].shape[TIME_AXIS]
    if not 1 <= overlap_latents <= total:
        raise LatentError(
            f"a context of {overlap_latents} latents cannot be taken from a latent of shape "
            f"{shape_text(latent['samples'])} with {total} on its time axis; use 1 to {total}"
        )
    starts = [total - overlap_latents]
    if kind is LatentKind.AUDIO_VIDEO:
        tail_start_px = pixels_from_latents(total) - pixels_from_latents(overlap_latents)
        starts.append(audio_latents_until(tail_start_px, *parts))
    return _from(latent, starts)


def overlap_trim(latent: Latent, overlap_latents: int) -> dict[str, Any]:
    """All but the first `overlap_latents` latents, without a noise mask.

    Args:
        latent: video (B, C, T, H, W), audio (B, C, T, F) or both nested.
        overlap_latents: 0 to T - 1; counts video latents if there is video, else audio latents.

    Raises:
        LatentError: nothing would be left, `overlap_latents` is negative, or `latent` has no time axis.
    """
    kind = require_timed(latent)
    parts = tensors_of(latent["samples"])
    total = parts[0].shape[TIME_AXIS]
    if not 0 <= overlap_latents < total:
        raise LatentError(
            f"{overlap_latents} latents cannot be trimmed from a latent of shape {shape_text(latent['samples'])} "
            f"with {total} on its time axis, at least one must be left; use 0 to {total - 1}"
        )
    starts = [overlap_latents]
    if kind is LatentKind.AUDIO_VIDEO:
        starts.append(leading_audio_latents(overlap_latents, *parts))
    return _from(latent, starts)


def _from(latent: Latent, starts: list[int]) -> dict[str, Any]:
    parts = tensors_of(latent["samples"])
    for part, start in zip(parts, starts, strict=True):
        if start >= part.shape[TIME_AXIS]:
            raise LatentError(
                f"the audio of {shape_text(latent['samples'])} ends before position {start}, where the cut lies: it "
                "does not cover the video; encode audio as long as the video, and check fps"
            )
    cuts = [cut(part, start, part.shape[TIME_AXIS]) for part, start in zip(parts, starts, strict=True)]
    return with_samples(latent, renest(latent["samples"], cuts))


def strip_noise_mask(latent: Latent) -> dict[str, Any]:
    """A new dictionary without `noise_mask`; every other value is passed on as it is.

    Raises:
        LatentError: `latent` has no samples.
    """
    return with_samples(latent, samples_of(latent))
