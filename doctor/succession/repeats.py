"""Frames that repeat the frame before them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .blank import blank_frames
from .runs import Mask, runs_of
from .standing import standing_of
from .steps import ordinary_around, times_everywhere

REPEAT_SHARE = 0.3
"""A repeat changes by less than this share of the steps around it. Of equal frames encoders leave a tenth, seldom more."""

EQUAL_SHARE = 0.08
"""A step below this share is a repeat whatever follows. One that is longer is a repeat only if the step behind it makes up for
it: encoders skip small motion in one frame and bring it in pieces."""

MOVES = 0.0015
"""Steps below this mean change, 0.4 of 255 levels, are no motion in which a repeat could be seen."""

MOVES_SMOOTHLY = 0.0014
"""The same for the small smoothed picture, in which grain is no motion."""

SHORT, LONG, SHORT_WAY = 0.6, 1.2, 0.5
"""Times the steps around it that a repeat and the step behind it are, and the way that the whole picture goes in a repeat."""

WALKS = 0.01
"""Widths a second; slower ways of the whole picture are too uneven to tell."""

LONGEST_SECONDS = 0.4
"""Longer runs of equal frames are a picture that stands."""


def repeated_frames(case: Case) -> Mask:
    """(N,) True for frames that show the frame before once more, amid frames that move."""
    frames, standing = case.video.frames, standing_of(case)
    ordinary, ordinary_peak = ordinary_around(frames.change, 0.6), ordinary_around(frames.change_peak, 0.6)
    with np.errstate(invalid="ignore", divide="ignore"):
        repeated = (frames.change < REPEAT_SHARE * ordinary) & (frames.change_peak < 1.6 * REPEAT_SHARE * ordinary_peak)
        repeated &= ordinary > MOVES
        if frames.smooth_change is not None:
            ordinary_smooth = ordinary_around(frames.smooth_change, 0.6)
            repeated &= (frames.smooth_change < REPEAT_SHARE * ordinary_smooth) & (ordinary_smooth > MOVES_SMOOTHLY)
            repeated &= _is_equal_or_made_up_for(repeated, frames.smooth_change / ordinary_smooth)
    repeated |= _in_place_of_its_follower(case)
    repeated[:1] = False
    repeated &= ~blank_frames(case.video).any
    for run in standing.runs if standing else ():
        repeated[max(run.start - 1, 0) : run.stop + 1] = False
    for run in runs_of(repeated):
        if run.stop - run.start > LONGEST_SECONDS * case.video.fps:
            repeated[run.start : run.stop] = False
    return repeated


def _is_equal_or_made_up_for(repeated: Mask, times: NDArray[np.floating]) -> Mask:
    """(N,) True for repeats that hardly differ, and for those of runs behind which a long step comes."""
    kept = times < EQUAL_SHARE
    for run in runs_of(repeated):
        if run.stop < len(times) and times[run.stop] > LONG:
            kept[run.start : run.stop] = True
    return kept


def _in_place_of_its_follower(case: Case) -> Mask:
    """(N,) True for steps that are short, and the next one long, in every measure, while the whole picture moves on.

    So a repeat is told of which an encoder that blends neighbours made a small step.
    """
    frames, shape = case.video.frames, case.video.height / case.video.width
    marked = np.ones(len(frames), np.bool_)
    if frames.smooth_change is None:
        return ~marked
    speed = np.hypot(frames.shift_x_per_second, frames.shift_y_per_second * shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        measures = [each / ordinary_around(each, 0.5) for each in (frames.change, frames.change_peak, frames.smooth_change)]
        for times in (*measures, times_everywhere(frames.cell_change)):
            marked &= (times < SHORT) & (np.append(times[1:], np.nan) > LONG)
        pace = speed / ordinary_around(speed, 0.5)
    marked &= (pace < SHORT_WAY) & (np.append(pace[1:], np.nan) > LONG)
    return marked & (ordinary_around(speed, 0.5) > WALKS) & (ordinary_around(frames.smooth_change, 0.5) > MOVES_SMOOTHLY)


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
