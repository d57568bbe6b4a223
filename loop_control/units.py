"""Pixel frames, video latents and audio latents of LTX: the only place that knows how one becomes the other.

A video latent stands for 8 pixel frames, except the first of a clip, which stands for one. So a clip has `8k + 1`
pixel frames, latent 0 is pixel frame 0 and latent `k >= 1` is pixel frames `[8k - 7, 8k + 1)`. The ratio is the
`downscale_index_formula` (8, 32, 32) of ComfyUI's LTX video VAE (`comfy/sd.py`). The audio figures are those of
`comfy/ldm/lightricks/vae/audio_vae.py`: 16 000 Hz, mel hop 160, downsampled by 4.
"""

from __future__ import annotations

import math
from fractions import Fraction

from .errors import PlanError

PIXELS_PER_LATENT = 8
SPATIAL_STEP_PX = 32
VIDEO_LATENT_CHANNELS = 128

AUDIO_VAE_HZ = 16_000
AUDIO_VAE_HOP = 160
AUDIO_VAE_DOWNSAMPLE = 4
AUDIO_LATENTS_PER_SECOND = AUDIO_VAE_HZ // AUDIO_VAE_HOP // AUDIO_VAE_DOWNSAMPLE
AUDIO_LATENT_CHANNELS = 8
AUDIO_LATENT_BINS = 16


def latents_from_pixels(px: int) -> int:
    """Number of video latents that hold `px` pixel frames (`px >= 1`); off the `8k + 1` grid the remainder is dropped.

    Raises:
        PlanError: `px` is below 1.
    """
    if px < 1:
        raise PlanError(f"{px} pixel frames make no latent; a clip has at least 1 frame")
    return (px - 1) // PIXELS_PER_LATENT + 1


def pixels_from_latents(latents: int) -> int:
    """Number of pixel frames that a clip of `latents` video latents (`latents >= 1`) decodes to.

    Raises:
        PlanError: `latents` is below 1.
    """
    if latents < 1:
        raise PlanError(f"{latents} latents make no clip; a clip has at least 1 latent")
    return (latents - 1) * PIXELS_PER_LATENT + 1


def latent_of_pixel(px: int) -> int:
    """The latent that pixel frame `px` (from 0) belongs to: 0 for frame 0, then one for every 8."""
    return -(-px // PIXELS_PER_LATENT)


def first_pixel_of_latent(latent: int) -> int:
    """The first pixel frame of a latent (from 0)."""
    return 0 if latent == 0 else (latent - 1) * PIXELS_PER_LATENT + 1


def largest_clip_px(px: int) -> int:
    """The largest clip length `8k + 1` that is not above `px` (`px >= 1`)."""
    return pixels_from_latents(latents_from_pixels(px))


def smallest_clip_px(px: int) -> int:
    """The smallest clip length `8k + 1` that is not below `px` (`px >= 1`)."""
    length = largest_clip_px(px)
    return length if length == px else length + PIXELS_PER_LATENT


def is_clip_px(px: int) -> bool:
    """True if `px` is a valid clip length, `8k + 1`."""
    return px >= 1 and largest_clip_px(px) == px


def pixels_from_new_latents(latents: int) -> int:
    """Pixel frames that `latents` latents add to a clip that already has a first one (8 each)."""
    return latents * PIXELS_PER_LATENT


def round_half_up(value: Fraction) -> int:
    """The nearest integer; a half goes up, as people expect, where Python's `round` would go to the even one."""
    return math.floor(value + Fraction(1, 2))


def audio_latents_for_clip(px: int, fps: Fraction, per_second: Fraction | int = AUDIO_LATENTS_PER_SECOND) -> int:
    """Number of audio latents beside a clip of `px` pixel frames, digit for digit as ComfyUI counts them.

    This is `AudioVAE.num_of_latents_from_frames` (`comfy/ldm/lightricks/vae/audio_vae.py`), which the node
    `LTXVEmptyLatentAudio` uses. It works in floats and rounds a half to the even number; both are kept here on purpose.
    """
    return round((float(px) / float(fps)) * float(per_second))


def audio_latents_from_seconds(seconds: float) -> int:
    """The audio latent at, or the number of audio latents in, `seconds`, read as its decimal text and rounded half up."""
    return round_half_up(Fraction(str(seconds)) * AUDIO_LATENTS_PER_SECOND)
