"""How much each frame jumps: in light, colour, detail, place and motion, each in what a viewer begins to notice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .robust import Series, running_median, step
from .seams import levels_of

MEASURES = ("light and colour", "change", "place", "motion")

_STEP_PX = 4
_MORE_CHANGE = 1.0
_LEAST_CHANGE = 0.012
_PLACE_WIDTHS = 0.006
"""A shift of that share of the width within one frame, beside the motion before and after, is a jump."""
_PLACE_ZOOM = 0.01
_MOTION_WIDTHS_PER_SECOND = 0.04
_MOTION_PX = 8


def jumps(frames: FrameFacts, fps: float) -> dict[str, Series]:
    """Sizes of jumps by name of `MEASURES`, (N,)."""
    level = np.zeros(len(frames))
    for values in levels_of(frames).values():
        level = np.maximum(level, np.abs(step(values, _STEP_PX)))
    usual = running_median(frames.change, 25)
    change = (frames.change - usual) / (_MORE_CHANGE * usual + _LEAST_CHANGE)
    place, motion = np.zeros(len(frames)), np.zeros(len(frames))
    moves = (
        (frames.shift_x_per_second, _PLACE_WIDTHS, _MOTION_WIDTHS_PER_SECOND),
        (frames.shift_y_per_second, _PLACE_WIDTHS, _MOTION_WIDTHS_PER_SECOND),
        (frames.zoom_per_second, _PLACE_ZOOM, _MOTION_WIDTHS_PER_SECOND),
    )
    for speed, noticed_place, noticed_motion in moves:
        calm = running_median(speed, 9)
        place = np.maximum(place, np.abs(speed - calm) / fps / noticed_place)
        motion = np.maximum(motion, np.abs(step(calm, _MOTION_PX)) / noticed_motion)
    return dict(zip(MEASURES, (level, np.maximum(change, 0.0), place, motion), strict=True))


def largest_around(values: Series, places: NDArray[np.int64], before: int, after: int) -> Series:
    """The largest value from `before` frames before each place to `after` behind it."""
    return np.array([values[max(0, place - before) : place + after + 1].max(initial=0.0) for place in places], np.float64)
