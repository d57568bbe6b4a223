"""How much each frame jumps: in light, colour, detail, place and motion, each in what a viewer begins to notice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .robust import Series, running_median, step
from .seams import levels_of

LEVEL_NAMES = {
    "light": "light",
    "luma": "brightness",
    "contrast": "contrast",
    "blue": "colour",
    "red": "colour",
    "colourfulness": "colourfulness",
    "sharpness": "sharpness",
}

_STEP_PX = 4
_FLASH_PX, _LASTS_PX = 6, 8
_ONCE = 3.0
"""A single step is noticed from so many times the size on from which one is that recurs."""
_MORE_CHANGE = 1.0
_LEAST_CHANGE = 0.012
_PLACE_WIDTHS = 0.01
"""A shift of that share of the width within one frame, beside the motion before and after, is a jump."""
_PLACE_ZOOM = 0.01
_MOTION_WIDTHS_PER_SECOND = 0.04
_MOTION_PX = 8


def jumps(frames: FrameFacts, fps: float) -> dict[str, Series]:
    """Sizes of jumps by name, (N,): of each level as far as they last, unlike a flash; of change, place and motion."""
    sizes = {}
    for name, values in levels_of(frames).items():
        at_once, later = step(values, _STEP_PX), step(values, _LASTS_PX, _FLASH_PX)
        lasting = np.where(at_once * later > 0, np.minimum(np.abs(at_once), np.abs(later)), 0.0)
        sizes[name] = np.asarray(lasting / _ONCE, np.float64)
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
    return sizes | {"change": np.maximum(change, 0.0), "place": place, "motion": motion}


def largest_around(values: Series, places: NDArray[np.int64], before: int, after: int) -> Series:
    """The largest value from `before` frames before each place to `after` behind it."""
    return np.array([values[max(0, place - before) : place + after + 1].max(initial=0.0) for place in places], np.float64)
