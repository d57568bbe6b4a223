"""The numbers of frames, one frame after the other."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from .cells import Cells, Smaller
from .motion import STILL, MotionOf
from .planes import Planes
from .watched_video import FrameFacts

MOTION_LONG_EDGE_PX = 104
"""Size at which the motion of the whole picture is measured: larger ones see more grain than motion."""

Floats = NDArray[np.float32]

_COLUMNS = (
    "luma",
    "contrast",
    "blue",
    "red",
    "colourfulness",
    "sharpness",
    "change",
    "change_peak",
    "zoom_per_second",
    "shift_x_per_second",
    "shift_y_per_second",
)


class FrameNumbers:
    """Collects the numbers of a video's frames; of the frames itself only the last is held.

    Args:
        height: Of the frames as they are shown, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._cells = Cells(height, width)
        factor = max(1, round(max(height, width) / MOTION_LONG_EDGE_PX))
        self._smaller = Smaller(height, width, min(factor, height, width))
        self._seconds = array("d")
        self._key = array("b")
        self._table = array("f")
        self._cell_luma: list[NDArray[np.uint8]] = []
        self._cell_change: list[NDArray[np.float16]] = []
        self._luma: Floats | None = None
        self._small: Floats | None = None
        self._motion: MotionOf | None = None

    @property
    def count(self) -> int:
        """Frames so far."""
        return len(self._seconds)

    @property
    def seconds(self) -> NDArray[np.float64]:
        """(N,) their times."""
        return np.array(self._seconds)

    def add(self, seconds: float, planes: Planes, *, key: bool = False) -> None:
        """Takes the next frame: when it is shown, its planes, whose luma is (height, width), and if it was encoded whole."""
        luma, small = planes.luma, self._smaller.picture(planes.luma)
        means = self._cells.means(luma)
        change, motion, interval = np.zeros_like(means), STILL, 0.0
        mean_change = 0.0
        if self._luma is not None and self._small is not None:
            difference = np.abs(luma - self._luma)
            change, mean_change = self._cells.means(difference), float(difference.mean())
            self._motion = self._motion or MotionOf(*small.shape)
            motion, interval = self._motion.between(self._small, small), seconds - self._seconds[-1]
        per_second = 1 / interval if interval > 0 else 0.0
        self._seconds.append(seconds)
        self._key.append(key)
        self._table.extend(
            (
                float(luma.mean()),
                float(luma.std()),
                float(planes.blue.mean()),
                float(planes.red.mean()),
                float(np.sqrt(np.square(planes.blue).mean() + np.square(planes.red).mean())),
                sharpness_of(luma),
                mean_change,
                float(change.max()),
                motion.zoom * per_second,
                motion.shift_x * per_second,
                motion.shift_y * per_second,
            )
        )
        self._cell_luma.append(np.rint(means * 255).astype(np.uint8))
        self._cell_change.append(change.astype(np.float16))
        self._luma, self._small = luma, small

    def facts(self) -> FrameFacts:
        """The numbers of all frames."""
        table = np.array(self._table, np.float32).reshape(-1, len(_COLUMNS)).T
        return FrameFacts(
            seconds=self.seconds,
            cell_luma=np.stack(self._cell_luma),
            cell_change=np.stack(self._cell_change),
            key=np.array(self._key, np.bool_),
            **{name: np.ascontiguousarray(column) for name, column in zip(_COLUMNS, table, strict=True)},
        )


def sharpness_of(luma: Floats) -> float:
    """Standard deviation of a luma (h, w) less its mean over 3x3 pixels, of all that have eight neighbours; 0 without any."""
    if min(luma.shape) < 3:
        return 0.0
    rows = luma[:-2] + luma[1:-1] + luma[2:]
    fine = luma[1:-1, 1:-1] - (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9)
    return float(fine.std())
