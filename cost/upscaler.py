"""Operations of ComfyUI's spatial latent upscaler, which doubles height and width between two stages."""

from __future__ import annotations

from dataclasses import dataclass

from .model_call import Flops

_KERNEL, _FLAT_KERNEL = 27, 9
"""Weights a channel pair of a convolution over time, height and width; and over height and width."""
_TIMES_THE_POSITIONS = 4


@dataclass(frozen=True)
class Upscaler:
    """Sizes of `LatentUpsampler` (`comfy/ldm/lightricks/latent_upsampler.py`).

    Attributes:
        in_channels: Channels of a latent.
        mid_channels: Channels inside.
        num_blocks_per_stage: Residual blocks in front of the enlargement, and as many behind it.
    """

    in_channels: int
    mid_channels: int
    num_blocks_per_stage: int


PUBLISHED_UPSCALER = Upscaler(in_channels=128, mid_channels=1024, num_blocks_per_stage=4)
"""`ltx-2.3-spatial-upscaler-x2`: its 498 million weights make the file's 996 MB."""


def upscale_flops(upscaler: Upscaler, latents: int, tokens_per_latent: int) -> Flops:
    """Operations of one enlargement.

    Args:
        upscaler: Its sizes.
        latents: Latents on the time axis.
        tokens_per_latent: Height times width of a latent before it is enlarged.
    """
    mid, outside = upscaler.mid_channels, upscaler.in_channels
    blocks = 2 * upscaler.num_blocks_per_stage * _KERNEL * mid**2
    edge = _KERNEL * outside * mid
    small = edge + blocks + _FLAT_KERNEL * mid * _TIMES_THE_POSITIONS * mid
    return Flops(linear=2 * latents * tokens_per_latent * (small + _TIMES_THE_POSITIONS * (blocks + edge)))
