"""The sharpness of a picture: what is in it that is finer than three pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Sharpness:
    """Measures pictures of one size.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self._height, self._width = height, width
        self._made_for: np.dtype[Any] | None = None

    def of(self, luma: NDArray[np.unsignedinteger[Any]]) -> float:
        """Standard deviation of a (height, width) luma less its mean over 3x3 pixels, in its own unit.

        Of all pixels that have eight neighbours; 0 without any.
        """
        if min(self._height, self._width) < 3:
            return 0.0
        if self._made_for != luma.dtype:
            self._make(luma.dtype)
        np.copyto(self._wide, luma)
        rows, fine = self._rows, self._fine
        np.add(self._wide[:-2], self._wide[1:-1], out=rows)
        np.add(rows, self._wide[2:], out=rows)
        # Nine times the pixel less the nine around it: whole numbers are half as wide as floats, and exact.
        np.multiply(self._wide[1:-1, 1:-1], 9, out=fine)
        for offset in range(3):
            np.subtract(fine, rows[:, offset : offset + fine.shape[1]], out=fine)
        np.copyto(self._floats, fine)
        squares = float(np.einsum("ij,ij->i", self._floats, self._floats).sum(dtype=np.float64)) / fine.size
        mean = float(self._floats.mean(dtype=np.float64))
        return float(np.sqrt(max(squares - mean**2, 0.0))) / 9

    def _make(self, stored: np.dtype[Any]) -> None:
        # Nine times the largest of 8 bits fits into 16.
        kind = np.int16 if stored.itemsize == 1 else np.int32
        inside = (self._height - 2, self._width - 2)
        self._wide = np.empty((self._height, self._width), kind)
        self._rows = np.empty((self._height - 2, self._width), kind)
        self._fine, self._floats = np.empty(inside, kind), np.empty(inside, np.float32)
        self._made_for = stored
