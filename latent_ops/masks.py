"""The noise mask of a video latent in the form that guides and windows need: one value a frame, (B, 1, T, h, w)."""

from __future__ import annotations

import torch
from torch import Tensor

from .kinds import TIME_AXIS, Latent, LatentError, require_video, shape_text


def video_noise_mask(latent: Latent, name: str = "latent") -> Tensor:
    """A copy of the mask (B, 1, T, h, w) of a video latent (B, C, T, H, W); all ones (B, 1, T, 1, 1) if it has none.

    Raises:
        LatentError: `latent` is no plain video latent, or its mask is not one mask for each of its latents.
    """
    samples = require_video(latent, name)
    mask = latent.get("noise_mask")
    if mask is None:
        return torch.ones((samples.shape[0], 1, samples.shape[TIME_AXIS], 1, 1), dtype=torch.float32, device=samples.device)
    if not isinstance(mask, Tensor) or mask.ndim != 5 or mask.shape[TIME_AXIS] != samples.shape[TIME_AXIS]:
        raise LatentError(
            f"the noise_mask of {name} has shape {shape_text(mask)}, the samples have {shape_text(samples)}; "
            f"expected a mask (B, 1, {samples.shape[TIME_AXIS]}, 1, 1); StripLatentNoiseMask removes one that does not "
            "fit"
        )
    return mask.clone()
