"""How much each frame jumps: in light, colour, detail, place and motion, each in what a viewer begins to notice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .flashes import find_flashes, without_flashes
from .robust import Series, running_median, step
from .seams import levels_of, light_steps, near

LEVEL_NAMES = {
    "light": "light",
    "contrast": "contrast",
    "blue": "colour",
    "red": "colour",
    "colourfulness": "colourfulness",
    "sharpness": "sharpness",
}

_STEP_PX = 4
_LASTS_PX = 8
_FLASH_PX = 6, 14
"""Frames after which a flash is gone: these decay, within half a second. A step is still there."""
_ONCE = 3.0
"""A single step is noticed from so many times the size on from which one is that recurs."""
_MORE_CHANGE = 1.0
_LEAST_CHANGE = 0.012
_PLACE_WIDTHS = 0.01
"""A shift of that share of the width within one frame, beside the motion before and after, is a jump."""
_PLACE_ZOOM = 0.01
_MOTION_WIDTHS_PER_SECOND = 0.04
_MOTION_PX = 8
_TURN_PX = 12
"""Frames over which a sudden change of motion is spread: a step's half, and half of what calms it."""
_RETRACED = 0.25
"""Of how far a picture goes within `_MOTION_PX` frames, what is left between a frame on the way there and its like on the way
back, where footage turns and is played backwards. What only slows and turns by itself misses its way by half and more."""
_NET_PX = 1, 3, 5
_SLACK_PX = 1, 2
"""Frames by which the largest value of a seam's step may miss it, before and behind."""


def jumps(frames: FrameFacts, fps: float) -> dict[str, Series]:
    """Sizes of jumps by name, (N,): of each level as far as they last, unlike a flash; of change, place and motion."""
    sizes = {}
    levels = levels_of(frames)
    flashes = find_flashes(levels["light"], fps)
    # The mean of the picture changes with what moves, too; "light" has that taken out.
    del levels["luma"]
    for name, values in levels.items():
        steps = [step(values, _STEP_PX), *(step(values, _LASTS_PX, gap) for gap in _FLASH_PX)]
        # A flash shortly behind a join is within all of these; without it, a step across it is still there.
        steps += [step(without_flashes(values, flashes), _LASTS_PX, gap) for gap in _FLASH_PX] if flashes else []
        sizes[name] = _least(steps) / _ONCE
    usual = running_median(frames.change, 25)
    # What a change of light explains is told by the levels, and may be a flash.
    change = (_change(frames) - np.abs(light_steps(frames)) - usual) / (_MORE_CHANGE * usual + _LEAST_CHANGE)
    place, motion = np.zeros(len(frames)), np.zeros(len(frames))
    moves = (
        (frames.shift_x_per_second, _PLACE_WIDTHS, _MOTION_WIDTHS_PER_SECOND),
        (frames.shift_y_per_second, _PLACE_WIDTHS, _MOTION_WIDTHS_PER_SECOND),
        (frames.zoom_per_second, _PLACE_ZOOM, _MOTION_WIDTHS_PER_SECOND),
    )
    for speed, noticed_place, noticed_motion in moves:
        calm = running_median(speed, 9)
        beside = (speed - calm) / fps / noticed_place
        # A frame that comes too late and is caught up with moves nothing in the end.
        place = np.maximum(place, _least([np.convolve(beside, np.ones(width), "same") for width in _NET_PX]))
        motion = np.maximum(motion, np.abs(step(calm, _MOTION_PX)) / noticed_motion)
    # A picture that goes back frame by frame as it came is one piece of footage, and no other begins there.
    turns = _turns(frames)
    motion = np.where(near(turns, _TURN_PX, _TURN_PX), 0.0, motion)
    place = np.where(near(turns, _MOTION_PX, _MOTION_PX), 0.0, place)
    return sizes | {"change": np.maximum(change, 0.0), "place": place, "motion": motion}


def _least(several: list[Series]) -> Series:
    """The smallest size at each place of several series of one sign, and 0 where their signs differ."""
    values = np.array(several)
    same = (np.sign(values) == np.sign(values[0])).all(0)
    return np.asarray(np.where(same, np.abs(values).min(0), 0.0))


def _turns(frames: FrameFacts) -> NDArray[np.bool_]:
    """(N,) the frames from which the picture goes back the very way that it came."""
    light = frames.cell_luma.reshape(len(frames), -1).astype(np.float32)
    turns = np.zeros(len(frames), np.bool_)
    middle = slice(_MOTION_PX, len(frames) - _MOTION_PX)
    if len(frames) <= 2 * _MOTION_PX:
        return turns
    missed, gone = np.zeros(len(light[middle])), np.zeros(len(light[middle]))
    for far in range(1, _MOTION_PX + 1):
        ahead, behind = light[middle.start + far : middle.stop + far], light[middle.start - far : middle.stop - far]
        missed += np.abs(ahead - behind).mean(1)
        gone += np.abs(ahead - light[middle]).mean(1)
    turns[middle] = missed < _RETRACED * gone
    return turns


def _change(frames: FrameFacts) -> Series:
    """(N,) the change of each frame; of one that is written whole, what changes but for the detail that an encoder renews."""
    change = frames.change.astype(np.float64)
    if frames.key is None or frames.smooth_change is None:
        return change
    finer = running_median(change, 25) / np.maximum(running_median(frames.smooth_change, 25), 1e-6)
    return np.where(frames.key, np.minimum(change, finer * frames.smooth_change), change)


def largest_around(values: Series, places: NDArray[np.int64], before: int, after: int) -> Series:
    """The largest value from `before` frames before each place to `after` behind it.

    What still rises a frame farther out on the side before, or two behind, belongs to something else and is left out.
    """
    found = []
    for place in places:
        first, last = max(0, int(place) - before), min(len(values) - 1, int(place) + after)
        early = _uphill(values, first, -1) < first - _SLACK_PX[0]
        late = _uphill(values, last, 1) > last + _SLACK_PX[1]
        while early and first <= last and values[first] < values[first - 1]:
            first += 1
        while late and first <= last and values[last] < values[last + 1]:
            last -= 1
        found.append(values[first : last + 1].max(initial=0.0))
    return np.array(found, np.float64)


def _uphill(values: Series, at: int, way: int) -> int:
    """The place to which values rise one after another from `at`, one way."""
    while 0 <= at + way < len(values) and values[at + way] > values[at]:
        at += way
    return at
