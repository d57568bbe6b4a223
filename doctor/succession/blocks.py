"""Pictures of large squares without anything in them, as a decoder makes of latents that mean nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import WatchedVideo
from .runs import Mask

BLOCKS = 0.8
"""Pictures of things have 0.4 to 0.6, squares nearly 1."""

_BUSIEST = 0.4
_FLAT_LEVELS = 4.0
_ALIKE = 0.25


def block_share(pixels: NDArray[np.uint8]) -> float:
    """Share of the edges of a picture (h, w, 3) that lies in the busiest 40 % of its columns, or of its rows if that is less.

    Black bars around it are left out. A picture that is flat has 0.
    """
    grey = pixels.astype(np.float32).mean(axis=-1)
    if min(grey.shape) < 8 or grey.std() < _FLAT_LEVELS:
        return 0.0
    return min(_share(np.abs(np.diff(grey, axis=axis)).mean(axis=1 - axis)) for axis in (0, 1))


def block_frames(video: WatchedVideo) -> Mask:
    """(N,) True for frames that are squares: around each small picture that is, those as sharp and as full of contrast."""
    frames = video.frames
    marked = np.zeros(len(frames), np.bool_)
    for sample in video.samples:
        at = sample.frame
        if not marked[at] and block_share(sample.pixels) > BLOCKS:
            alike = _near(frames.sharpness, at) & _near(frames.contrast, at)
            other = np.flatnonzero(~alike)
            start = int(max(other[other < at], default=-1)) + 1
            marked[start : int(min(other[other > at], default=len(frames)))] = True
    return marked


def _share(edges: NDArray[np.floating]) -> float:
    busy = np.flatnonzero(edges > 0.5)
    if not len(busy):
        return 0.0
    inside = np.sort(edges[busy[0] : busy[-1] + 1])[::-1]
    return float(inside[: max(1, round(_BUSIEST * len(inside)))].sum() / inside.sum())


def _near(values: NDArray[np.floating], at: int) -> Mask:
    near: Mask = np.abs(values - values[at]) <= _ALIKE * values[at]
    return near
