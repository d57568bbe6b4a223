"""Pictures that come again: a clip that is looped, or played forth and back, has a rhythm of its own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ...watching.watched_video import FrameFacts
from .robust import Series

_SHORTEST_PX, _LONGEST_PX = 12, 700
_AS_ALIKE = 0.3
"""Share of the difference to the pictures a little before and after that is left if the same picture comes again."""
_LONGEST_SHARE = 0.7
_LEAST = 3.0
"""Of 255 levels; pictures that differ by less are one that stands, and not one that comes again."""
_EVERY, _COMPARED = 4, 150
_FEWEST_PERIODS = 3
"""Of one half of a video; fewer have no median that one wild frame does not move."""
_LEAST_MOVE_PX = 2.0
"""Of a rhythm from one half to the other; the frame of a blended seam is known to about one."""


def recurrence(frames: FrameFacts) -> int | None:
    """Frames after which the same pictures come again, None if they do not. Light of the whole picture does not count."""
    cells = frames.cell_luma.reshape(len(frames), -1).astype(np.float32)
    cells -= cells.mean(1, keepdims=True)
    lags, every = np.arange(1, min(_LONGEST_PX, int(len(cells) * _LONGEST_SHARE))), max(_EVERY, len(cells) // _COMPARED)
    if len(lags) < 2 * _SHORTEST_PX:
        return None
    differences = np.array([float(np.median(np.abs(cells[lag:][::every] - cells[:-lag][::every]).mean(1))) for lag in lags])
    alike = np.ones(len(lags))
    for place in range(_SHORTEST_PX - 1, len(lags) - 6):
        beside = max(4, place // 3)
        around = min(float(differences[max(0, place - beside) : place].max()), float(differences[place : place + beside].max()))
        alike[place] = differences[place] / around if around > _LEAST else 1.0
    best = int(alike.argmin())
    return int(lags[best]) if alike[best] < _AS_ALIKE else None


def without_recurrence(series: Series, recurs_px: int) -> Series:
    """(N,) a series less the steps that it makes each time the same pictures come again."""
    steps = np.diff(series, prepend=series[:1])
    rows = -(-len(steps) // recurs_px)
    folded = np.full(rows * recurs_px, np.nan)
    folded[: len(steps)] = steps
    usual = np.nanmedian(folded.reshape(rows, recurs_px), 0)
    return np.asarray(np.cumsum(steps - np.tile(usual, rows)[: len(steps)]), np.float64)


def is_of_content(period_px: int, recurs_px: int | None, levels: Iterable[Series], usable: NDArray[np.bool_]) -> bool:
    """Whether a rhythm is a part of what the pictures recur with, as turns of a clip played forth and back are, or meets it.

    A part is hardly ever a whole number of frames and moves on from one half of the video to the other; a tile's seams stay.

    Args:
        period_px: Of the rhythm.
        recurs_px: From `recurrence`.
        levels: (N,) each, that show the rhythm.
        usable: (N,) frames that may belong to it.
    """
    if recurs_px is None:
        return False
    times = range(1, 4) if period_px > recurs_px else (1,)
    parts = [recurs_px * many / max(1, round(recurs_px * many / period_px)) for many in times]
    alike = [part for part in parts if abs(part - period_px) < 1]
    if not alike:
        return False
    steps = np.sqrt(sum((np.diff(level, prepend=level[:1]) ** 2 for level in levels), np.zeros(len(usable))))
    return any(not _stays(np.where(usable, steps, np.nan), period_px, part) for part in alike)


def _stays(steps: Series, period_px: int, part: float) -> bool:
    """Whether steps come at the same frame of a period in both halves, as those of a part of another length could not."""
    periods = len(steps) // (2 * period_px)
    moves = (periods * (part - period_px) + period_px / 2) % period_px - period_px / 2
    if periods < _FEWEST_PERIODS or abs(moves) < _LEAST_MOVE_PX:
        return False
    halves = steps[: 2 * periods * period_px].reshape(2, periods, period_px)
    if not np.isfinite(halves).any(1).all():
        return False
    first, second = np.nanmedian(halves, 1) - np.nanmedian(halves, (1, 2))[:, None]
    shared = [float(first @ np.roll(second, -move)) for move in range(period_px)]
    moved = (int(np.argmax(shared)) + period_px / 2) % period_px - period_px / 2
    return abs(moved) < abs(moves) / 2
