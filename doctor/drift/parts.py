"""A video in pieces that are compared with each other, and the sections in which a change is not wanted."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from ...schedule.errors import ScheduleError
from ...schedule.parser import parse_schedule
from ...schedule.snapping import snap_to_plan
from ...watching.place_changes import place_changes
from ...watching.watched_video import WatchedVideo
from ..case import Case

PIECE_SECONDS = 4.0
"""Length of a piece without a plan; long enough that one gesture does not decide it."""

LEAST_PIECES = 8
"""Windows are cut into equal pieces until there are so many: a rank test over fewer says little."""

SHORTEST_PIECE_SECONDS = 1.0

CUT_ALIKE = 0.8
"""Correlation of the light of all cells of two frames, one after the other, over a cut. A pan shows another place within a
second too, but frame by frame stays above, and what it shows can be followed."""

CUT_WITHIN_SECONDS = 0.2

NEAR_SECONDS = 0.5
"""A change that is seen so near to one that is written is the same."""


@dataclass(frozen=True)
class DriftPiece:
    """A piece of the video.

    Attributes:
        start_px: Its first frame.
        stop_px: One past its last frame.
        window: The window that made it; None without a plan.
        section: Number of the section that it lies in; within one the prompt stays the same.
    """

    start_px: int
    stop_px: int
    window: int | None
    section: int


def parts_of(case: Case) -> tuple[DriftPiece, ...]:
    """The pieces of a video in order: its windows, each cut into equal pieces if they are few; else pieces of about 4 s."""
    fps, frames = float(case.video.fps), len(case.video.frames)
    windows = case.windows_px() if case.plan is not None else ((0, frames),)
    changes = scene_changes_px(case)
    longest = PIECE_SECONDS if case.plan is None else math.inf
    wanted = frames / fps / LEAST_PIECES
    most_seconds = max(SHORTEST_PIECE_SECONDS, min(longest, wanted))
    parts = []
    for number, (start, stop) in enumerate(windows):
        pieces = max(1, round((stop - start) / fps / most_seconds))
        edges = np.linspace(start, stop, pieces + 1).round().astype(int).tolist()
        for low, high in itertools.pairwise(edges):
            if high > low:
                section = sum(change <= low for change in changes)
                parts.append(DriftPiece(low, high, number if case.plan is not None else None, section))
    return tuple(parts)


def scene_changes_px(case: Case) -> tuple[int, ...]:
    """Frames at which another place begins, in order: as the pictures show it, and where the schedule has another entry.

    A change that the pictures show near the one that is written counts as seen.
    """
    seconds, near = case.video.frames.seconds, NEAR_SECONDS * float(case.video.fps)
    changed = [int(np.searchsorted(seconds, change.seconds - 1e-6)) for change in place_changes(case.video)]
    seen = {at for number in changed if (at := _cut_near(case.video, number)) is not None}
    written = [start for start in _written_changes_px(case) if all(abs(start - other) > near for other in seen)]
    return tuple(sorted({*seen, *written}))


def _cut_near(video: WatchedVideo, number: int) -> int | None:
    """The frame near one with a number that is least like the frame before it; None if all are rather like it."""
    reach = max(1, round(CUT_WITHIN_SECONDS * float(video.fps)))
    low, high = max(1, number - reach), min(len(video.frames), number + reach + 1)
    light = video.frames.cell_luma[low - 1 : high].reshape(high - low + 1, -1).astype(np.float64)
    light -= light.mean(axis=1, keepdims=True)
    scale = np.maximum(np.sqrt(np.square(light).sum(axis=1)), 1e-9)
    alike = (light[1:] * light[:-1]).sum(axis=1) / (scale[1:] * scale[:-1])
    least = int(alike.argmin())
    return low + least if alike[least] < CUT_ALIKE else None


def _written_changes_px(case: Case) -> tuple[int, ...]:
    """First frames of the windows with which another entry of the schedule begins."""
    if case.plan is None or case.schedule is None:
        return ()
    try:
        report = snap_to_plan(parse_schedule(case.schedule), case.plan)
    except ScheduleError:
        return ()
    texts = [(window, entry.value) for window, entry in report.steps]
    changed = [window for (_, before), (window, after) in itertools.pairwise(texts) if before != after]
    starts = [start for start, _ in case.windows_px()]
    return tuple(starts[window] for window in changed if 0 < window < len(starts))
