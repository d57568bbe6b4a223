"""Motion of a whole picture: how much it grows and where it goes, by least squares on its gradients.

A point at (x, y) of the picture before, in widths and heights from its middle, is at (x + sx + z x, y + sy + z y) in the
picture after. To first order the luma changes by minus its gradient times that (Lucas and Kanade, 1981), one equation a
pixel with the three unknowns z, sx and sy; a fourth takes a change of brightness. What moves by itself fits none of it: its
pixels count less and less in a few rounds (iteratively reweighted least squares, Geman and McClure's weights). Gradients
are those of Farid and Simoncelli (2004), whose smoothing and slope fit together; plain differences see steep edges too flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 3
_SMOOTH = np.array([0.037659, 0.249153, 0.426375, 0.249153, 0.037659], np.float32)
_SLOPE = np.array([-0.109604, -0.276691, 0, 0.276691, 0.109604], np.float32)
_EDGE_PX = len(_SMOOTH) // 2
_DAMPING = 1e-6

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Motion:
    """What the whole picture did between two frames.

    Attributes:
        zoom: Relative growth, 0.01 if it grew by 1 %.
        shift_x: To the right, in widths.
        shift_y: Down, in heights.
    """

    zoom: float
    shift_x: float
    shift_y: float


STILL = Motion(0.0, 0.0, 0.0)


class MotionOf:
    """Compares pictures of one size.

    Args:
        height: Of the pictures, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self._height, self._width = height, width
        self._x = ((np.arange(width) - (width - 1) / 2)[None, _EDGE_PX:-_EDGE_PX]).astype(np.float32)
        self._y = ((np.arange(height) - (height - 1) / 2)[_EDGE_PX:-_EDGE_PX, None]).astype(np.float32)

    def between(self, before: Floats, after: Floats) -> Motion:
        """The motion from one (h, w) luma to a later one; `STILL` for pictures without any structure."""
        if min(self._height, self._width) < 2 * len(_SMOOTH):
            return STILL
        middle = (before + after) * np.float32(0.5)
        along_x = _down(_across(middle, _SLOPE), _SMOOTH)
        along_y = _down(_across(middle, _SMOOTH), _SLOPE)
        grown = along_x * self._x + along_y * self._y
        terms = np.stack([grown, along_x, along_y, np.ones_like(grown)]).reshape(4, -1)
        change = _down(_across(before - after, _SMOOTH), _SMOOTH).reshape(-1)
        found: NDArray[np.floating] = np.zeros(4, np.float32)
        weights = np.ones_like(change)
        for _ in range(_ROUNDS):
            weighted = terms * weights
            normal = weighted @ terms.T
            scale = np.sqrt(np.maximum(np.diag(normal), 1e-12))
            system = normal / scale / scale[:, None] + _DAMPING * np.eye(4)
            found = np.linalg.solve(system, weighted @ change / scale) / scale
            rest = change - found @ terms
            spread = np.median(np.abs(rest)) * 1.5 + 1e-6
            weights = 1 / (1 + np.square(rest / (2 * spread))) ** 2
        zoom, shift_x, shift_y, _ = (float(value) for value in found)
        return Motion(zoom, shift_x / self._width, shift_y / self._height)


def _across(picture: Floats, taps: Floats) -> Floats:
    width = picture.shape[1] - len(taps) + 1
    total: Floats = np.zeros((picture.shape[0], width), np.float32)
    for offset, tap in enumerate(taps):
        if tap:
            total += tap * picture[:, offset : offset + width]
    return total


def _down(picture: Floats, taps: Floats) -> Floats:
    turned: Floats = _across(picture.T, taps).T
    return turned
