"""Giving a latent the mean and spread of another: adaptive instance normalisation (Huang & Belongie, arXiv 1703.06868).

Over many windows colours and contrast of a latent wander; matching each channel's first two moments to a reference
holds them in place.
"""

from __future__ import annotations

import math
from typing import Any

import torch

from .kinds import TIME_AXIS, Latent, LatentError, require_video, shape_text, with_samples


def match_statistics(latent: Latent, reference: Latent, factor: float = 1.0, per_frame: bool = False) -> dict[str, Any]:
    """Moves the mean and standard deviation of each channel of each video towards the reference's.

    Args:
        latent: video (B, C, T, H, W).
        reference: video (B or 1, C, T2, H2, W2).
        factor: 0 gives `latent` back, 1 the reference's statistics; between is a mix.
        per_frame: takes statistics over (H, W) of each latent instead of over (T, H, W); T2 must be T or 1.

    Returns:
        A latent in the shape and dtype of `latent`, with every further key of it, its noise mask too. A channel that is
        constant has no spread to scale and is only shifted.

    Raises:
        LatentError: a nested or otherwise unfit latent, or a factor outside 0..1.
    """
    samples = require_video(latent)
    model = require_video(reference, "reference")
    if not (math.isfinite(factor) and 0 <= factor <= 1):
        raise LatentError(f"factor {factor} is not between 0 (unchanged) and 1 (the reference's statistics)")
    frames_fit = not per_frame or model.shape[TIME_AXIS] in (1, samples.shape[TIME_AXIS])
    if model.shape[1] != samples.shape[1] or model.shape[0] not in (1, samples.shape[0]) or not frames_fit:
        raise LatentError(
            f"reference of shape {shape_text(model)} does not fit latent of shape {shape_text(samples)}: the channels "
            "must be equal, the batch equal or 1"
            + (", and per frame the lengths equal or the reference's 1" if per_frame else "")
        )
    axes = (3, 4) if per_frame else (2, 3, 4)
    exact = torch.promote_types(samples.dtype, torch.float32)
    source = samples.to(exact)
    source_std, source_mean = torch.std_mean(source, dim=axes, keepdim=True, correction=0)
    model_std, model_mean = torch.std_mean(model.to(samples.device, exact), dim=axes, keepdim=True, correction=0)
    scale = torch.where(source_std > 0, model_std / source_std, torch.ones_like(source_std))
    matched = (source - source_mean) * scale + model_mean
    mixed = torch.lerp(source, matched, factor).to(samples.dtype)
    return with_samples(latent, mixed, latent.get("noise_mask"))
