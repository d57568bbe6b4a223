"""Stretches in which the picture stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...watching.watched_video import STILL_SECONDS, FrameFacts
from ..case import Case
from .blank import blank_frames
from .runs import FrameRun, runs_of

STANDS = 0.004
"""Half second's change below which a picture stands whatever the video is: one of 255 levels in the cell that changed most.
Encoders and a decoder's flicker leave up to that of equal frames; a chest that breathes makes three times as much."""

STANDS_SHARE = 0.05
"""Or below this share of the video's own ordinary half second."""

NOTICED_SECONDS = 0.8
"""From so long on a picture that stands is taken for a fault where the rest of the video moves."""


@dataclass(frozen=True)
class Standing:
    """Where the picture stands.

    Attributes:
        ordinary: Half second's change of the video's ordinary frames.
        limit: What a picture that stands remains below.
        runs: Frames [start, stop) that show one picture, each `NOTICED_SECONDS` and longer, in order.
        longest_seconds: Of any run, noticed or not.
    """

    ordinary: float
    limit: float
    runs: tuple[FrameRun, ...]
    longest_seconds: float


def standing_of(case: Case) -> Standing | None:
    """The stretches in which the picture stands and is one; None if the video is too short to tell."""
    frames = case.video.frames
    slow = frames.half_second_change
    if slow is None or len(frames) < 2 or frames.seconds[-1] < STILL_SECONDS:
        return None
    told = frames.seconds >= STILL_SECONDS - 1e-3
    ordinary = float(np.median(slow[told]))
    limit = max(STANDS, STANDS_SHARE * ordinary)
    stands = (slow < limit) & ~blank_frames(case.video).any
    stands &= told
    runs = [_whole(frames, run) for run in runs_of(stands)]
    lengths = [_length(case, run) for run in runs]
    noticed = tuple(run for run, length in zip(runs, lengths, strict=True) if length >= NOTICED_SECONDS)
    return Standing(ordinary, limit, noticed, max(lengths, default=0.0))


def starts_standing(case: Case, standing: Standing) -> FrameRun | None:
    """The run with which the video begins; None if it begins otherwise, or stands from its first frame to its last."""
    first = next(iter(standing.runs), None)
    begins = first is not None and first.start <= 1 and first.stop < len(case.video.frames)
    return first if begins else None


def _whole(frames: FrameFacts, run: FrameRun) -> FrameRun:
    """A run with the half second before it, in which the picture already stood."""
    start = int(np.searchsorted(frames.seconds, frames.seconds[run.start] - STILL_SECONDS - 1e-3))
    return FrameRun(0 if start <= 1 else start, run.stop)


def _length(case: Case, run: FrameRun) -> float:
    last = case.video.frames.seconds[run.stop - 1] + 1 / float(case.video.fps)
    return float(last - case.video.frames.seconds[run.start])
