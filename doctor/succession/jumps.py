"""Jumps of the picture over frames that are not there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .blank import blank_frames
from .repeats import repeated_frames
from .standing import standing_of
from .steps import ordinary_around, times_everywhere

JUMP_TIMES = 2.5
"""A step over two missing frames is about three ordinary ones."""

CUT_TIMES = 20.0
"""A step so many times the ordinary ones is another picture, not a jump within one."""

SEEN_CHANGE = 0.012
"""Smooth change, three of 255 levels over the whole picture, below which no jerk is seen. Encoders that skip the small motion
of a quiet scene bring it in steps of up to two."""

_STEPS_A_TIME = 1.2
"""Pictures differ less and less the further they are apart: of textures, what is five steps away is four times as different."""

_CALM_TIMES = 2.2
_LIGHT = 0.012
_MOSTLY_LIGHT = 0.65
"""Share of a step that the change of the mean makes up from which on it is a flash: one lights all of the picture, and what
moves makes some of it brighter and some darker."""

_EVERYWHERE_TIMES = 2.2
_ALIKE_TIMES = 1.3
"""A jump at a join is no cut if another, away from joins, is as long but for this factor."""

_MOTION_SHARE = 0.75
"""If an encoder brings back detail that it left out, the fine changes more than the smooth; motion changes both."""


@dataclass(frozen=True)
class Gap:
    """Frames that are not there.

    Attributes:
        frame: The first frame behind the gap.
        missing: How many frames are gone, rounded.
        in_times: Whether the times of the file have the hole; else the picture jumps.
    """

    frame: int
    missing: int
    in_times: bool


def holes(seconds: NDArray[np.float64], fps: float) -> tuple[Gap, ...]:
    """The holes in the times of a video that keeps `fps`."""
    missing = np.rint(np.diff(seconds) * fps).astype(int) - 1
    return tuple(Gap(int(at) + 1, int(missing[at]), True) for at in np.flatnonzero(missing > 0))


def jumps(case: Case) -> tuple[Gap, ...]:
    """Single steps that are several ordinary ones long, within one scene and away from cuts and from pictures that stand."""
    frames, standing = case.video.frames, standing_of(case)
    if frames.smooth_change is None:
        return ()
    change, smooth = frames.change.astype(np.float64), frames.smooth_change.astype(np.float64)
    repeated = repeated_frames(case)
    with np.errstate(invalid="ignore", divide="ignore"):
        times, smooth_times = (each / ordinary_around(np.where(repeated, np.nan, each), 0.5) for each in (change, smooth))
        jump = (smooth_times > JUMP_TIMES) & (smooth_times < CUT_TIMES) & (smooth > SEEN_CHANGE)
        jump &= (smooth_times > _MOTION_SHARE * times) & (times_everywhere(frames.cell_change) > _EVERYWHERE_TIMES)
    calm = ~(smooth_times > _CALM_TIMES)
    calm_before, calm_after = np.roll(calm, 1), np.roll(calm, -1)
    jump &= calm_before & calm_after & ~_flashes(frames.luma, smooth) & ~blank_frames(case.video).any
    jump[:2] = False
    jump[-1:] = False
    if frames.key is not None:  # a frame that is encoded whole brings back all that was left out
        jump &= ~frames.key
    jump[1:] &= ~repeated[:-1]  # behind a frame that came twice, the next is where it should be
    for run in standing.runs if standing else ():
        jump[max(0, run.start - 1) : run.stop + 2] = False
    jump &= ~_at_joins(case) | _alike(smooth_times, smooth_times[jump & ~_at_joins(case)])
    return tuple(Gap(int(at), max(1, round(_STEPS_A_TIME * float(smooth_times[at])) - 1), False) for at in np.flatnonzero(jump))


def _flashes(luma: NDArray[np.floating], smooth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) True for steps that change the light of the picture, and not only its content."""
    light = np.abs(np.diff(luma, prepend=luma[:1])).astype(np.float64)
    flashes: NDArray[np.bool_] = (light >= _LIGHT) & (light >= _MOSTLY_LIGHT * smooth)
    return flashes


def _at_joins(case: Case) -> NDArray[np.bool_]:
    """(N,) True for frames at which windows join, and their neighbours: a jump there is a cut, unless others are like it."""
    near = np.zeros(len(case.video.frames), np.bool_)
    for cut in case.cuts_px:
        near[max(0, cut - 1) : cut + 2] = True
    return near


def _alike(times: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(N,) True for steps about as long as one of some others."""
    apart = np.abs(np.log(np.maximum(times, 1e-9)[:, None] / others[None, :]))
    alike: NDArray[np.bool_] = (apart < np.log(_ALIKE_TIMES)).any(axis=1)
    return alike
