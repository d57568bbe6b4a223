"""How many audio latents go with a stretch of video latents.

Audio runs at its own rate beside the video. Every count here is the difference of two absolute positions, each rounded
once from an exact fraction, so that counts of neighbouring stretches add up to the count of the whole.
"""

from __future__ import annotations

from fractions import Fraction

from torch import Tensor

from ..loop_control.rates import parse_fps
from ..loop_control.units import AUDIO_LATENTS_PER_SECOND, pixels_from_latents, round_half_up
from .kinds import TIME_AXIS

FrameRate = int | float | str | Fraction


def audio_latents_per_pixel(video: Tensor, audio: Tensor, fps: FrameRate | None) -> Fraction:
    """Audio latents for one pixel frame: from `fps`, or where that is None from the two lengths of this latent.

    Args:
        video: (B, C, T, H, W).
        audio: (B, C, T, F), the audio of the same stretch of time.
        fps: pixel frames per second.

    Raises:
        PlanError: `fps` is no frame rate.
    """
    if fps is None:
        return Fraction(audio.shape[TIME_AXIS], pixels_from_latents(video.shape[TIME_AXIS]))
    return AUDIO_LATENTS_PER_SECOND / parse_fps(fps)


def audio_latents_between(start_px: int, stop_px: int, latents_per_pixel: Fraction) -> int:
    """Number of audio latents beside the pixel frames [start_px, stop_px), counted from the start of the song."""
    return round_half_up(stop_px * latents_per_pixel) - round_half_up(start_px * latents_per_pixel)


def leading_audio_latents(video_latents: int, latents_per_pixel: Fraction, start_px: int = 0) -> int:
    """Audio latents beside the first `video_latents` (0 or more) of a clip that starts at pixel frame `start_px`."""
    length_px = pixels_from_latents(video_latents) if video_latents else 0
    return audio_latents_between(start_px, start_px + length_px, latents_per_pixel)
