"""Frames that repeat the frame before them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .blank import blank_frames
from .runs import Mask, runs_of
from .standing import standing_of
from .steps import ordinary_around

REPEAT_SHARE = 0.3
"""A repeat changes by less than this share of the steps around it. Of equal frames encoders leave a tenth, seldom more."""

MOVES = 0.0015
"""Steps below this mean change, 0.4 of 255 levels, are no motion in which a repeat could be seen."""

MOVES_SMOOTHLY = 0.0014
"""The same for the small smoothed picture, in which grain is no motion."""

LONGEST_SECONDS = 0.4
"""Longer runs of equal frames are a picture that stands."""


def repeated_frames(case: Case) -> Mask:
    """(N,) True for frames that show the frame before once more, amid frames that move."""
    frames, standing = case.video.frames, standing_of(case)
    ordinary, ordinary_peak = ordinary_around(frames.change, 0.6), ordinary_around(frames.change_peak, 0.6)
    with np.errstate(invalid="ignore"):
        repeated = (frames.change < REPEAT_SHARE * ordinary) & (frames.change_peak < 1.6 * REPEAT_SHARE * ordinary_peak)
        repeated &= ordinary > MOVES
        if frames.smooth_change is not None:
            ordinary_smooth = ordinary_around(frames.smooth_change, 0.6)
            repeated &= (frames.smooth_change < REPEAT_SHARE * ordinary_smooth) & (ordinary_smooth > MOVES_SMOOTHLY)
    repeated[:1] = False
    repeated &= ~blank_frames(case.video).any
    for run in standing.runs if standing else ():
        repeated[max(run.start - 1, 0) : run.stop + 1] = False
    for run in runs_of(repeated):
        if run.stop - run.start > LONGEST_SECONDS * case.video.fps:
            repeated[run.start : run.stop] = False
    return repeated


def cadence_of(numbers: NDArray[np.integer]) -> int | None:
    """The distance in frames that most repeats keep from the one before; None if they keep none."""
    if len(numbers) < 4:
        return None
    steps = np.diff(numbers)
    usual = int(np.bincount(steps).argmax())
    near = np.abs(steps / usual - np.rint(steps / usual)) * usual <= 1
    return (
        usual
        if usual > 1 and float(np.mean(near & (steps < 3.5 * usual))) >= 0.8 and float(np.mean(steps == usual)) >= 0.5
        else None
    )
