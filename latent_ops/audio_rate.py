"""How many audio latents go with a stretch of video latents.

Audio runs at its own rate beside the video. Every count is a position from the start of the clip, rounded once from an
exact fraction, so that counts of neighbouring stretches add up to the count of the whole.
"""

from __future__ import annotations

from fractions import Fraction

from torch import Tensor

from ..loop_control.units import pixels_from_latents, round_half_up
from .kinds import TIME_AXIS


def audio_latents_until(pixels: int, video: Tensor, audio: Tensor) -> int:
    """Audio latents beside the first `pixels` pixel frames of an audio-video latent, at the rate of its two lengths.

    Args:
        pixels: 0 or more.
        video: (B, C, T, H, W).
        audio: (B, C, T, F), the audio of the same stretch of time.
    """
    return round_half_up(pixels * Fraction(audio.shape[TIME_AXIS], pixels_from_latents(video.shape[TIME_AXIS])))


def leading_audio_latents(video_latents: int, video: Tensor, audio: Tensor) -> int:
    """Audio latents beside the first `video_latents` (0 or more) of an audio-video latent; see `audio_latents_until`."""
    return audio_latents_until(pixels_from_latents(video_latents) if video_latents else 0, video, audio)
