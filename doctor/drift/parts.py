"""A video in pieces that are compared with each other, and the sections in which a change is not wanted."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from ...schedule.errors import ScheduleError
from ...schedule.parser import parse_schedule
from ...schedule.snapping import snap_to_plan
from ..case import Case

PIECE_SECONDS = 4.0
"""Length of a piece without a plan; long enough that one gesture does not decide it."""

LEAST_PIECES = 8
"""Windows are cut into equal pieces until there are so many: a rank test over fewer says little."""

SHORTEST_PIECE_SECONDS = 1.0


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
    """Frames at which another entry of the schedule begins: there the picture changes on purpose."""
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
