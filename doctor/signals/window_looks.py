"""The look of each window as a few numbers, in what a viewer tells from window to window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .robust import Series

TOLD = {
    "light": 0.03,
    "contrast": 0.02,
    "blue": 0.012,
    "red": 0.012,
    "colourfulness": 0.015,
    "detail": 0.25,
    "motion": 0.5,
    "structure": 0.06,
}
"""Differences between windows that a viewer tells: of the level, of a natural logarithm for detail and motion; structure is the
root mean square difference of the cells' mean luma."""


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
