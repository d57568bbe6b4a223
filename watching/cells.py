"""Means of a picture over cells of equal size, by two products of matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .watched_video import CELL_COLUMNS, CELL_ROWS

Floats = NDArray[np.float32]


class Cells:
    """Pools pictures of one size.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self._rows = _pooling(height, CELL_ROWS)
        self._columns = np.ascontiguousarray(_pooling(width, CELL_COLUMNS).T)

    def means(self, picture: Floats) -> Floats:
        """(CELL_ROWS, CELL_COLUMNS) means of a (height, width) picture."""
        means: Floats = (self._rows @ picture) @ self._columns
        return means


class Smaller:
    """Makes a picture smaller by a whole number, by means over squares; what is left at the right and below is cut off.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
        factor: Edge of a square.
    """

    def __init__(self, height: int, width: int, factor: int) -> None:
        self._factor = factor
        self._height, self._width = height // factor * factor, width // factor * factor
        squares = np.repeat(np.eye(self._width // factor, dtype=np.float32), factor, axis=0)
        self._columns = squares / np.float32(factor * factor)

    def picture(self, picture: Floats) -> Floats:
        """(height // factor, width // factor) float32."""
        kept = picture[: self._height, : self._width]
        rows = kept[0 :: self._factor].copy()
        for offset in range(1, self._factor):
            rows += kept[offset :: self._factor]
        small: Floats = rows @ self._columns
        return small


def _pooling(length: int, parts: int) -> Floats:
    """(parts, length), each row a mean; what is left over is the last part's, a part of no pixel has its neighbour's."""
    size = max(length // parts, 1)
    weights = np.zeros((parts, length), np.float32)
    for part in range(parts):
        begin = min(part * size, length - 1)
        end = length if part == parts - 1 else min(begin + size, length)
        weights[part, begin:end] = 1 / (end - begin)
    return weights
