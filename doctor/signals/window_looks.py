"""The look of each window as a few numbers, in what a viewer tells from window to window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .dead_windows import dead_windows
from .robust import Series
from .wanted import wanted_scene_changes

FEWEST_WINDOWS = 4
"""Windows of which one may be odd."""

TOLD = {
    "light": 0.03,
    "contrast": 0.02,
    "blue": 0.012,
    "red": 0.012,
    "colourfulness": 0.015,
    "detail": 0.25,
    "motion": 0.4,
    "structure": 0.06,
}
"""Differences between windows that a viewer tells: of the level, of a natural logarithm for detail and motion; structure is the
root mean square difference of the cells' mean luma."""


_OF_AROUND, _OF_USUAL = 1.5, 1.5


@dataclass(frozen=True)
class WindowLooks:
    """Looks of K windows.

    Attributes:
        levels: (K, 7) medians of each level of `TOLD` but the last, in what is told.
        cells: (K, C) mean luma of the cells, 0 to 1.
    """

    levels: Series
    cells: Series

    def between(self, one: int, other: int) -> NDArray[np.float64]:
        """(8,) differences of two windows, in the order of `TOLD`, each in what is told."""
        cells = self.cells[one] - self.cells[other]
        # The light of the whole picture is told already.
        structure = np.sqrt(np.mean((cells - cells.mean()) ** 2)) / TOLD["structure"]
        return np.append(np.abs(self.levels[one] - self.levels[other]), structure)


def window_looks(case: Case) -> WindowLooks:
    """The looks of all windows of a case."""
    frames = case.video.frames
    logs = (np.log(np.maximum(frames.sharpness, 1e-4)), np.log(np.maximum(frames.change, 1e-4)))
    series = (frames.luma, frames.contrast, frames.blue, frames.red, frames.colourfulness, *logs)
    scale = np.array([TOLD[name] for name in list(TOLD)[:-1]])
    levels, cells = [], []
    for start, stop in case.windows_px():
        # The frame of the join is left out: its change is that of the join.
        inside = slice(min(start + 1, stop - 1), stop)
        levels.append([float(np.median(values[inside])) for values in series])
        cells.append(frames.cell_luma[inside].reshape(-1, frames.cell_luma[0].size).mean(0) / 255)
    return WindowLooks(np.array(levels) / scale, np.array(cells))


def odd_windows(case: Case) -> tuple[Series, tuple[str, ...]]:
    """How odd each window is, (K,), from 1 on told, and by what of `TOLD` most; all 0 without a plan or for too few.

    A window that begins or ends a scene that the schedule wants, or beside one that is black or stands still, is not judged.
    """
    windows = len(case.windows_px())
    oddness, by = np.zeros(windows), [""] * windows
    if case.plan is None or windows < FEWEST_WINDOWS:
        return oddness, tuple(by)
    looks, wanted, dead = window_looks(case), wanted_scene_changes(case), dead_windows(case)
    apart = np.array([looks.between(window, window + 1) for window in range(windows - 1)])
    for window in range(1, windows - 1):
        if {window, window + 1} & wanted or {window - 1, window, window + 1} & dead:
            continue
        usual = np.median(np.delete(apart, (window - 1, window), axis=0), 0)
        sides = np.minimum(apart[window - 1], apart[window])
        around = looks.between(window - 1, window + 1)
        odd = sides / np.maximum(1.0, np.maximum(_OF_AROUND * around, _OF_USUAL * usual))
        oddness[window], by[window] = float(odd.max()), list(TOLD)[int(odd.argmax())]
    return oddness, tuple(by)
