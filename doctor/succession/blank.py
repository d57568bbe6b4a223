"""Frames without a picture: black, of one colour, or the noise that a decoder makes of latents that are no numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...watching.watched_video import FrameFacts, WatchedVideo
from .blocks import block_frames
from .runs import Mask

FLAT_CONTRAST = 0.012
"""Standard deviation of luma, three of 255 levels; encoders leave less than one of a picture of one colour."""

_BLACK_LUMA = 0.08
_NOISE_TIMES = 3.0
"""Times as sharp, and as much changed from frame to frame, as half of the others."""


@dataclass(frozen=True)
class BlankFrames:
    """Which frames have no picture.

    Attributes:
        flat: (N,) those of one colour, black among them.
        black: (N,) those that are black.
        noise: (N,) those that are noise, fine or in squares.
    """

    flat: Mask
    black: Mask
    noise: Mask

    @property
    def any(self) -> Mask:
        """(N,) all of them."""
        blank: Mask = self.flat | self.noise
        return blank


def blank_frames(video: WatchedVideo) -> BlankFrames:
    """The frames of a video that have no picture; noise is told from the frames that are not flat."""
    frames = video.frames
    flat = frames.contrast < FLAT_CONTRAST
    black = flat & (frames.luma < _BLACK_LUMA)
    return BlankFrames(flat, black, ~flat & (_noise(frames, ~flat) | block_frames(video)))


def _noise(frames: FrameFacts, with_picture: Mask) -> Mask:
    # More than half of a video that is noise has no picture to compare it with.
    if with_picture.sum() < 3:
        return np.zeros(len(frames), np.bool_)
    sharp = frames.sharpness > _NOISE_TIMES * np.quantile(frames.sharpness[with_picture], 0.5)
    lively = frames.change > _NOISE_TIMES * np.quantile(frames.change[with_picture], 0.5)
    marked: Mask = sharp & lively
    return marked
