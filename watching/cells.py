"""A picture made smaller by means over rectangles: by sums, for products of matrices would wake all cores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .watched_video import CELL_COLUMNS, CELL_ROWS

Floats = NDArray[np.float32]


class CellMeans:
    """Means over the cells of pictures of one size.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self._rows, self._columns = _parts(height, CELL_ROWS), _parts(width, CELL_COLUMNS)
        self.pixels = np.outer([len(part) for part in self._rows], [len(part) for part in self._columns])
        """(CELL_ROWS, CELL_COLUMNS) pixels of each cell."""

    def means(self, picture: Floats) -> NDArray[np.float64]:
        """(CELL_ROWS, CELL_COLUMNS) means of a (height, width) picture."""
        bands = np.stack([picture[part.start : part.stop].sum(axis=0) for part in self._rows])
        sums = np.stack([bands[:, part.start : part.stop].sum(axis=1, dtype=np.float64) for part in self._columns], axis=1)
        means: NDArray[np.float64] = sums / self.pixels
        return means


class Smaller:
    """Makes a picture smaller by a whole number, by means over squares; what is left at the right and below is cut off.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
        factor: Edge of a square, at most the shorter of both.
    """

    def __init__(self, height: int, width: int, factor: int) -> None:
        self._factor = factor
        self._height, self._width = height // factor * factor, width // factor * factor

    def picture(self, picture: Floats) -> Floats:
        """(height // factor, width // factor) float32."""
        kept = picture[: self._height, : self._width]
        rows = kept[0 :: self._factor].copy()
        for offset in range(1, self._factor):
            rows += kept[offset :: self._factor]
        squares: Floats = rows[:, 0 :: self._factor].copy()
        for offset in range(1, self._factor):
            squares += rows[:, offset :: self._factor]
        squares /= np.float32(self._factor**2)
        return squares


def _parts(length: int, count: int) -> list[range]:
    """So many parts of equal length; what is left over is the last one's, and a part of no pixel has its neighbour's."""
    size = max(length // count, 1)
    starts = [min(part * size, length - 1) for part in range(count)]
    return [range(start, length if part == count - 1 else min(start + size, length)) for part, start in enumerate(starts)]
