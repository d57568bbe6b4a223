"""Moments at which a video shows another place: the picture before and the picture after have nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .watched_video import WatchedVideo

Curve = NDArray[np.float64]

ALIKE = 0.85
"""Correlation of the light of all cells, before and after. People and things that move, jumps of colour and light and windows
that are a little off stay above; other places lie around 0.3."""

_AROUND_SECONDS = 0.3
_PLAIN = 4.0
"""Of 255: cells that differ less than this hold no picture, such as black."""


@dataclass(frozen=True)
class PlaceChange:
    """One change.

    Attributes:
        seconds: When the new place is first seen.
        alike: Correlation of the light of all cells, 0.3 s before and after, -1 to 1.
    """

    seconds: float
    alike: float


def place_changes(video: WatchedVideo) -> tuple[PlaceChange, ...]:
    """The changes, in order. A picture without structure is no place: black between two scenes is none."""
    frames = video.frames
    width = max(2, round(_AROUND_SECONDS * float(video.fps)))
    if len(frames) < 2 * width:
        return ()
    light = frames.cell_luma.reshape(len(frames), -1).astype(np.float64)
    sums = np.concatenate([np.zeros((1, light.shape[1])), np.cumsum(light, axis=0)])
    means = (sums[width:] - sums[:-width]) / width
    means -= means.mean(axis=1, keepdims=True)
    before, after = means[:-width], means[width:]
    spread_before, spread_after = before.std(axis=1), after.std(axis=1)
    alike = (before * after).mean(axis=1) / np.maximum(spread_before * spread_after, 1e-9)
    alike[(spread_before < _PLAIN) | (spread_after < _PLAIN)] = 1.0
    return tuple(PlaceChange(float(frames.seconds[at + width]), float(alike[at])) for at in _lowest(alike, width))


def _lowest(alike: Curve, width: int) -> list[int]:
    """Places of the lowest values below `ALIKE`, in order, none nearer to another than `width`."""
    found: list[int] = []
    for at in np.argsort(alike):
        if alike[at] >= ALIKE:
            break
        if all(abs(int(at) - other) > width for other in found):
            found.append(int(at))
    return sorted(found)
