"""Joining two latents that share frames: by a fade, or by letting the second replace the first's tail."""

from __future__ import annotations

from typing import Any

from .audio_rate import FrameRate
from .fade import CURVES
from .join import join
from .kinds import Latent, LatentError, require_timed


def crossfade(
    previous: Latent, latent: Latent, overlap_latents: int, curve: str = "linear", *, fps: FrameRate | None = None
) -> dict[str, Any]:
    """`previous` followed by `latent`, whose first `overlap_latents` fade in over the last of `previous`.

    Args:
        previous: video (B, C, T1, H, W), audio (B, C, T1, F) or both nested.
        latent: the same kind and size, T2 on the time axis.
        overlap_latents: 1 to min(T1, T2); video latents where there is video.
        curve: `linear`, or `smooth` (no slope at the ends).
        fps: pixel frames per second, for the audio of nested latents; None takes the rate from `previous`'s lengths.

    Returns:
        A latent with T1 + T2 - overlap_latents on its time axis, without a noise mask.

    Raises:
        LatentError: kinds or sizes that do not fit, an overlap longer than either, or an unknown curve.
    """
    if curve not in CURVES:
        raise LatentError(f"the curve {curve!r} is not known; use one of {', '.join(CURVES)}")
    return _join_two(previous, latent, f"fade_{curve}", overlap_latents, fps)


def replace_tail(accumulated: Latent, latent: Latent, overlap_latents: int, *, fps: FrameRate | None = None) -> dict[str, Any]:
    """`accumulated` without its last `overlap_latents`, followed by all of `latent`.

    Args:
        accumulated: video (B, C, T1, H, W), audio (B, C, T1, F) or both nested.
        latent: the same kind and size, T2 on the time axis.
        overlap_latents: 1 to T1; video latents where there is video.
        fps: pixel frames per second, for the audio of nested latents; None takes the rate from `accumulated`'s lengths.

    Raises:
        LatentError: kinds or sizes that do not fit, or an overlap longer than `accumulated`.
    """
    return _join_two(accumulated, latent, "replace_tail", overlap_latents, fps)


def _join_two(before: Latent, after: Latent, mode: str, overlap_latents: int, fps: FrameRate | None) -> dict[str, Any]:
    require_timed(before, "the latent before")
    require_timed(after, "the latent after")
    return join([before, after], mode, overlap_latents, fps=fps)
