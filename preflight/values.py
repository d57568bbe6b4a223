"""Values that arrive at the node of the check, which a graph's file alone may not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class GivenValues:
    """The inputs of the node.

    Attributes:
        width_px: Width of the video.
        height_px: Height of the video.
        length_px: Frames of the first window; 0 if it is not given.
        schedule: The prompt schedule; "" for none.
        latent_shape: Of the video latent that is going to be sampled, (B, C, T, H, W); None if it is not wired.
        model_channels: Channels of a latent of the model; None if it is not wired, or does not say.
    """

    width_px: int
    height_px: int
    length_px: int
    schedule: str
    latent_shape: Sequence[int] | None
    model_channels: int | None
