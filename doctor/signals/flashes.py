"""Flashes of the content: the light of the whole picture rises at once and is gone within half a second.

Lamps, lightning and strobes do that whenever they do; a decoder's tiles may do it, too, but each of them and after the same
number of frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .robust import Series

_LEAST = 4.0
"""Rise that is called a flash, in what a viewer begins to notice as a step."""
_RISE_PX = 2
_GONE_SECONDS, _GONE = 0.6, 0.4
"""Within that time no more than that share of the rise is left."""
_WHOLLY = 3
"""Times until a flash is gone, of the time until it has fallen to that share: light dies away exponentially."""
_LIKE_THE_LARGEST = 0.3
_EXACT_PX = 1
_COME, _OF_ALL = 0.7, 0.8
"""Of the places that an even rhythm has, so many must flash; and so many of all flashes must lie there."""
_MOST = 0.25
"""Share of a video that may be flashes; with more of them little is left to look at, and they are a beat of their own."""
_SHORTEST_PX = 8
_FEWEST = 3


@dataclass(frozen=True)
class Flash:
    """A flash.

    Attributes:
        start_px: Its first bright frame.
        stop_px: One past its last one.
        rise: By how much it brightens the picture, in what a viewer begins to notice as a step.
    """

    start_px: int
    stop_px: int
    rise: float


def find_flashes(light: Series, fps: float) -> tuple[Flash, ...]:
    """The flashes of a video, in their order.

    Args:
        light: (N,) level of light, in what a viewer begins to notice as a step, as from `seams.levels_of`.
        fps: Frames a second.
    """
    frames, longest = len(light), max(3, round(_GONE_SECONDS * fps))
    found: list[Flash] = []
    frame = 1
    while frame < frames:
        before = float(light[frame - 1])
        if light[frame] - before < _LEAST / 2:
            frame += 1
            continue
        peak = frame + int(np.argmax(light[frame : frame + _RISE_PX]))
        rise = float(light[peak]) - before
        low = np.flatnonzero(light[peak : peak + longest] - before < _GONE * rise)
        if rise < _LEAST or not len(low):
            frame += 1
            continue
        stop = min(frames, peak + _WHOLLY * int(low[0]) + 1)
        found.append(Flash(frame, stop, rise))
        frame = max(peak + int(low[0]), frame + 1)
    return tuple(found)


def irregular_flashes(light: Series, fps: float) -> tuple[Flash, ...]:
    """Those flashes that no even rhythm explains: the largest of a video and what is like them, and so on to the smaller ones.

    None if they fill more than a quarter of the video.
    """
    left, irregular = list(find_flashes(light, fps)), []
    while left:
        largest = max(flash.rise for flash in left)
        alike = [flash for flash in left if flash.rise >= _LIKE_THE_LARGEST * largest]
        if _are_even([flash.start_px for flash in alike], len(light)):
            break
        irregular += alike
        left = [flash for flash in left if flash not in alike]
    if sum(flash.stop_px - flash.start_px for flash in irregular) > _MOST * len(light):
        return ()
    return tuple(sorted(irregular, key=lambda flash: flash.start_px))


def flash_frames(flashes: tuple[Flash, ...], frames: int) -> NDArray[np.bool_]:
    """(frames,) True for every frame of a flash."""
    marked = np.zeros(frames, np.bool_)
    for flash in flashes:
        marked[flash.start_px : flash.stop_px] = True
    return marked


def without_flashes(level: Series, flashes: tuple[Flash, ...]) -> Series:
    """(N,) a level that goes straight from the frame before each flash to the one behind it."""
    out = np.array(level, np.float64)
    for flash in flashes:
        first, last = flash.start_px - 1, min(flash.stop_px, len(out) - 1)
        out[first : last + 1] = np.linspace(out[first], out[last], last - first + 1)
    return out


def _are_even(starts: list[int], frames: int) -> bool:
    """Whether flashes come after the same whole number of frames, as often as they fit."""
    if len(starts) < _FEWEST:
        return False
    places = np.array(starts)
    for period in range(_SHORTEST_PX, frames // _FEWEST + 1):
        for phase in np.unique(places % period):
            beside = (places - phase + period // 2) % period - period // 2
            on = np.abs(beside) <= _EXACT_PX
            if on.mean() < _OF_ALL:
                continue
            met = len(np.unique((places[on] - phase + period // 2) // period))
            if met >= _COME * len(np.arange(phase, frames, period)):
                return True
    return False
