"""Pictures that come again: a clip that is looped, or played forth and back, has a rhythm of its own."""

from __future__ import annotations

import numpy as np

from ...watching.watched_video import FrameFacts
from .robust import Series

_SHORTEST_PX, _LONGEST_PX = 12, 700
_AS_ALIKE = 0.3
"""Share of the difference to the pictures a little before and after that is left if the same picture comes again."""
_LONGEST_SHARE = 0.7
_LEAST = 3.0
"""Of 255 levels; pictures that differ by less are one that stands, and not one that comes again."""
_EVERY, _COMPARED = 4, 150


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


def is_of_content(period_px: int, recurs_px: int | None) -> bool:
    """Whether a rhythm is a part of what the pictures recur with, as turns of a clip played forth and back are, or meets it."""
    if recurs_px is None:
        return False
    times = range(1, 4) if period_px > recurs_px else (1,)
    return any(abs(recurs_px * many / max(1, round(recurs_px * many / period_px)) - period_px) < 1 for many in times)
