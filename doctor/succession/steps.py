"""Steps from frame to frame and those around them: one of none is a frame come twice, over a long one frames are gone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LIVELY_SHARE = 0.3
STILL_CELL = 1e-3

Series = NDArray[np.float64]

AROUND = 5
"""Steps before and after one that it is compared with."""


def ordinary_around(change: NDArray[np.floating], share: float) -> Series:
    """(N, ...) the quantile `share` of the changes around each; NaN with fewer than three.

    Args:
        change: (N, ...) change from the frame before; that of the first frame is none and counts for nothing.
        share: 0.5 is the median. A higher one looks over repeated frames among the neighbours.
    """
    count = len(change)
    padded = np.full((count + 2 * AROUND, *change.shape[1:]), np.nan, np.float32)
    padded[AROUND : AROUND + count] = change
    padded[AROUND] = np.nan
    around = np.stack([padded[offset : offset + count] for offset in range(2 * AROUND + 1) if offset != AROUND])
    around.sort(axis=0)  # what is not known comes last
    known = np.isfinite(around).sum(axis=0)
    place = np.maximum(np.rint(share * (known - 1)), 0).astype(np.intp)
    ordinary: Series = np.take_along_axis(around, place[None], axis=0)[0].astype(np.float64)
    ordinary[known < 3] = np.nan
    return ordinary


def times_everywhere(cell_change: NDArray[np.floating]) -> Series:
    """(N,) how many times its own ordinary change a cell changes: the median of those cells that ordinarily change most.

    Args:
        cell_change: (N, rows, columns) change of each cell from the frame before.
    """
    cells = cell_change.reshape(len(cell_change), -1).astype(np.float32)
    ordinary = np.nan_to_num(ordinary_around(cells, 0.5))
    liveliest = np.argsort(-ordinary, axis=1)[:, : max(3, round(LIVELY_SHARE * cells.shape[1]))]
    times = np.take_along_axis(cells, liveliest, 1) / np.maximum(np.take_along_axis(ordinary, liveliest, 1), STILL_CELL)
    everywhere: Series = np.median(times, axis=1)
    return everywhere
