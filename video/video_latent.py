"""The video of a LATENT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from ..latent_ops.kinds import is_nested
from .errors import VideoError


def video_latent(latent: Any) -> torch.Tensor:
    """The video part of a LATENT as a tensor (1, C, T, H, W).

    Args:
        latent: A ComfyUI LATENT (mapping with "samples"), a bare tensor, or a nested audio-video one (video first).

    Raises:
        VideoError: it is not one video.
    """
    samples = latent["samples"] if isinstance(latent, Mapping) else latent
    if is_nested(samples):
        samples = samples.unbind()[0]
    if samples.ndim != 5:
        raise VideoError(
            f"a video latent has 5 dimensions (batch, channels, time, height, width), this one has {samples.ndim}: "
            f"{tuple(samples.shape)}; connect the video latent"
        )
    if samples.shape[0] != 1:
        raise VideoError(
            f"the latent holds {samples.shape[0]} videos; a file holds 1: pick one with LatentFromBatch and save each"
        )
    if samples.shape[2] < 1:
        raise VideoError("the video latent has no frames at all; there is nothing to save")
    return samples
