"""Joining two latents that share frames by a fade."""

from __future__ import annotations

from typing import Any

from .fade import CURVES
from .join import join
from .kinds import Latent, LatentError, require_timed


def crossfade(previous: Latent, latent: Latent, overlap_latents: int, curve: str = "linear") -> dict[str, Any]:
    """`previous` followed by `latent`, whose first `overlap_latents` fade in over the last of `previous`.

    Args:
        previous: video (B, C, T1, H, W), audio (B, C, T1, F) or both nested.
        latent: the same kind and size, T2 on the time axis.
        overlap_latents: 1 to min(T1, T2); video latents if there is video.
        curve: `linear`, or `smooth` (no slope at the ends).

    Returns:
        A latent with T1 + T2 - overlap_latents on its time axis, without a noise mask.

    Raises:
        LatentError: kinds or sizes that do not fit, an overlap longer than either, or an unknown curve.
    """
    if curve not in CURVES:
        raise LatentError(f"the curve {curve!r} is not known; use one of {', '.join(CURVES)}")
    require_timed(previous, "the latent before")
    require_timed(latent, "the latent after")
    return join([previous, latent], f"fade_{curve}", overlap_latents)
