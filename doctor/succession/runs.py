"""Runs of frames of which the same is true, and the stretches of the video that they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from ..seen import Stretch

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class FrameRun:
    """Frames [start, stop)."""

    start: int
    stop: int


def runs_of(mask: Mask) -> list[FrameRun]:
    """The longest runs of True in an (N,) mask, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [FrameRun(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def seconds_at(case: Case, edge: int) -> float:
    """When a frame begins to be shown; for the number behind the last frame, when that one ends."""
    seconds = case.video.frames.seconds
    if edge < len(seconds):
        return float(seconds[edge])
    return float(seconds[-1] + 1 / case.video.fps)


def length_of(case: Case, run: FrameRun) -> float:
    """Seconds for which the frames of a run are shown."""
    return seconds_at(case, run.stop) - seconds_at(case, run.start)


def stretch_of(case: Case, run: FrameRun) -> Stretch:
    """The stretch of a run, with the window that the larger part of it lies in."""
    return Stretch(seconds_at(case, run.start), seconds_at(case, run.stop), case.window_at((run.start + run.stop - 1) // 2))
