"""What goes wrong with the succession of frames: frozen_start, frozen_window, duplicated_frames, missing_frames.

Strength 1:
- frozen_start, frozen_window: the picture stands for 0.8 s while it should move. Freezes are noticed from about 0.2 s in lively
  scenes (Huynh-Thu and Ghanbari 2006), much later where little moves.
- duplicated_frames: one frame of twelve is shown twice in place of its follower (cadence), or 1.5 a second at random.
- missing_frames: three frames are gone at each of some places, 120 ms; longer gaps than about 80 ms are seen as a jerk
  (Pastrana-Vidal et al. 2004).
"""

from __future__ import annotations

import itertools

import numpy as np

from ..takes import Take
from ..values import Defect, Injected

START_WAYS = ("held", "shimmer")
WINDOW_WAYS = ("stopped", "shimmer")
TWICE_WAYS = ("cadence", "at random")
MISSING_WAYS = ("jumps", "holes")

FREEZE_SECONDS = 0.8


def frozen_start(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    """The first frames show one picture, then it moves; `shimmer` leaves a light flicker of what the decoder makes of it."""
    fps = float(take.joins.fps)
    held = round(defect.strength * FREEZE_SECONDS * fps)
    take.hold(slice(0, held), held)
    if defect.way == "shimmer":
        _shimmer(take, slice(0, held), random)
    return Injected(defect.kind, defect.strength, defect.way, ((0.0, held / fps),), (0,), (("held_seconds", held / fps),))


def frozen_window(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    """A window stands still from its join on, and the next goes on from what it showed."""
    joins, fps = take.joins, float(take.joins.fps)
    window = defect.window or int(random.integers(1, joins.windows - 1))
    start, stop = joins.edges[window], joins.edges[window + 1]
    if defect.strength < 2.5:
        stop = min(stop, start + round(defect.strength * FREEZE_SECONDS * fps))
    mouth = take.shots["mouth"].copy()
    seconds, pan_x = take.shots["seconds"], take.shots["pan_x"]
    slip = (seconds[stop - 1] - seconds[start - 1], pan_x[stop - 1] - pan_x[start - 1])
    take.hold(slice(start, stop), start - 1)
    seconds[stop:] -= slip[0]
    pan_x[stop:] -= slip[1]
    take.shots["mouth"][stop:] = mouth[stop:]
    if defect.way == "shimmer":
        _shimmer(take, slice(start, stop), random)
    return Injected(defect.kind, defect.strength, defect.way, ((start / fps, stop / fps),), (window,))


def duplicated(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    count, fps = take.joins.frames, float(take.joins.fps)
    if defect.way == "cadence":
        every = max(3, round(12 / defect.strength))
        twice = np.arange(int(random.integers(2, every + 2)), count, every)
    else:
        number = round(1.5 * defect.strength * count / fps)
        twice = np.sort(random.choice(np.arange(2, count), number, replace=False))
    for frame in twice:
        take.hold(slice(frame, frame + 1), frame - 1)
    stretches = tuple((frame / fps, (frame + 1) / fps) for frame in twice)
    return Injected(defect.kind, defect.strength, defect.way, stretches, (), (("count", float(len(twice))),))


def missing(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    joins, fps = take.joins, float(take.joins.fps)
    gone = max(3, round(3 * defect.strength))
    number = int(random.integers(2, 6))
    slots = np.linspace(0.6 * fps, joins.frames - 0.6 * fps - gone, number + 1)
    places = [int(random.uniform(a, max(a + 1, b - 2 * gone))) for a, b in itertools.pairwise(slots)]
    for place in places:
        if defect.way == "holes":
            take.shown[place : place + gone] = False
        else:
            for column in ("seconds", "pan_x", "pan_y", "identity", "style", "zoom"):
                values = take.shots[column]
                values[place:-gone] = values[place + gone :].copy()
                if column == "seconds":
                    values[-gone:] = values[-gone - 1] + np.arange(1, gone + 1) / fps
    stretches = tuple((place / fps, (place + gone) / fps) for place in places)
    return Injected(defect.kind, defect.strength, defect.way, stretches, (), (("frames_gone", float(gone * number)),))


def _shimmer(take: Take, frames: slice, random: np.random.Generator) -> None:
    """A held picture whose light trembles by a thousandth or two, as a decoder's error does."""
    gain = take.shots["gain"]
    gain[frames] *= 1 + 0.0015 * random.standard_normal(len(gain[frames]))
