"""The numbers of frames, one frame after the other."""

from __future__ import annotations

from array import array
from collections import deque

import numpy as np
from numpy.typing import NDArray

from .cells import CellMeans, Smaller
from .motion import STILL, Motion, MotionOf, smoothed
from .planes import Planes, Stored
from .sharpness import Sharpness
from .watched_video import STILL_SECONDS, FrameFacts

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
    "half_second_change",
    "smooth_change",
    "light_step",
    "blue_step",
    "red_step",
    "growth_x_per_second",
    "growth_y_per_second",
)


class FrameNumbers:
    """Collects the numbers of a video's frames; of the frames themselves only the last is held.

    Args:
        height: Of the frames as they are shown, in pixels.
        width: In pixels.
    """

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._cells, self._sharpness = CellMeans(height, width), Sharpness(height, width)
        factor = max(1, round(max(height, width) / MOTION_LONG_EDGE_PX))
        self._smaller = Smaller(height, width, min(factor, height, width))
        self._seconds, self._key, self._table = array("d"), array("b"), array("f")
        self._cell_luma: list[NDArray[np.uint8]] = []
        self._cell_change: list[NDArray[np.float16]] = []
        # Arrays of a whole frame are made once: a new one costs more than the work that is done on it.
        self._luma, self._luma_before, self._scratch = (np.empty((height, width), np.float32) for _ in range(3))
        self._clipped: Stored = np.empty((0, 0), np.uint8)
        self._small_before: Floats | None = None
        self._chroma_before: tuple[Floats, Floats] | None = None
        self._smaller_chroma: Smaller | None = None
        self._earlier: deque[tuple[float, Floats]] = deque()
        """(seconds, smoothed small luma) of the frames of the last half second, and one more."""
        self._motion: MotionOf | None = None
        self._small_cells: CellMeans | None = None

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
        levels = planes.levels
        if self._clipped.dtype != planes.luma.dtype or not self._clipped.size:
            self._clipped = np.empty((self.height, self.width), planes.luma.dtype)
        np.clip(planes.luma, levels.black, levels.white, out=self._clipped)
        self._luma, self._luma_before = self._luma_before, self._luma
        np.subtract(self._clipped, np.float32(levels.black), out=self._luma)
        self._luma *= np.float32(1 / (levels.white - levels.black))
        means = self._cells.means(self._luma)
        mean = _mean(means, self._cells.pixels)
        np.subtract(self._luma, np.float32(mean), out=self._scratch)
        contrast = float(np.sqrt(_sum_of_squares(self._scratch) / self._luma.size))
        blue, blue_square = _chroma(planes.blue, levels.grey, levels.chroma_span)
        red, red_square = _chroma(planes.red, levels.grey, levels.chroma_span)
        sharpness = self._sharpness.of(self._clipped) / (levels.white - levels.black)
        change, motion, slow_changes = self._compared(seconds)
        interval = seconds - self._seconds[-1] if self._seconds else 0.0
        rate = 1 / interval if interval > 0 else 0.0
        chroma_steps = self._chroma_steps(planes)
        self._seconds.append(seconds)
        self._key.append(key)
        colourfulness = float(np.sqrt(blue_square + red_square))
        change_mean = _mean(change, self._cells.pixels)
        light = (mean, contrast, blue, red, colourfulness, sharpness)
        moved = (rate * motion.zoom, rate * motion.shift_x, rate * motion.shift_y)
        growths = (rate * motion.growth_x, rate * motion.growth_y)
        steps = (motion.light, *chroma_steps)
        self._table.extend((*light, change_mean, float(change.max()), *moved, *slow_changes, *steps, *growths))
        self._cell_luma.append(np.rint(means * 255).astype(np.uint8))
        self._cell_change.append(change.astype(np.float16))

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

    def _chroma_steps(self, planes: Planes) -> tuple[float, float]:
        """Steps of the blue and the red difference since the frame before, of places that neither brighten nor move much."""
        if self._smaller_chroma is None:
            height, width = planes.blue.shape
            factor = max(1, round(max(height, width) / MOTION_LONG_EDGE_PX))
            self._smaller_chroma = Smaller(height, width, min(factor, height, width))
        here = tuple(self._smaller_chroma.picture(plane.astype(np.float32)) for plane in (planes.blue, planes.red))
        before, self._chroma_before = self._chroma_before, (here[0], here[1])
        if before is None:
            return 0.0, 0.0
        blue, red = (_middle_mean(now - then) / planes.levels.chroma_span for now, then in zip(here, before, strict=True))
        return blue, red

    def _compared(self, seconds: float) -> tuple[NDArray[np.float64], Motion, tuple[float, float]]:
        """The change of each cell since the frame before, the motion of the whole picture, and the smooth changes."""
        small, earlier = self._smaller.picture(self._luma), self._earlier
        earlier.append((seconds, smoothed(small)))
        before, self._small_before = self._small_before, small
        if before is None:
            return np.zeros(self._cells.pixels.shape), STILL, (0.0, 0.0)
        while len(earlier) > 2 and earlier[1][0] <= seconds - STILL_SECONDS + 1e-4:
            earlier.popleft()
        np.subtract(self._luma, self._luma_before, out=self._scratch)
        np.abs(self._scratch, out=self._scratch)
        change = self._cells.means(self._scratch)
        if self._motion is None or self._small_cells is None:
            self._motion, self._small_cells = MotionOf(*small.shape), CellMeans(*earlier[0][1].shape)
        motion = self._motion.between(before, small) if change.any() else STILL
        since_half_a_second = self._small_cells.means(_without_light(earlier[-1][1] - earlier[0][1])).max()
        since_the_last = _without_light(earlier[-1][1] - earlier[-2][1]).mean()
        return change, motion, (float(since_half_a_second), float(since_the_last))


def _middle_mean(values: Floats) -> float:
    """Mean of the middle half: what moves raises some and lowers others."""
    quarter = values.size // 4
    ordered = np.partition(values, (quarter, values.size - quarter - 1), axis=None)
    return float(ordered[quarter : values.size - quarter].mean(dtype=np.float64))


def _without_light(difference: Floats) -> Floats:
    difference -= difference.mean()
    return np.abs(difference, out=difference)


def _mean(cells: NDArray[np.float64], pixels: NDArray[np.int_]) -> float:
    return float((cells * pixels).sum() / pixels.sum())


def _sum_of_squares(values: Floats) -> float:
    # Row by row, so that a sum of many float32 stays exact; a dot product would wake all cores.
    return float(np.einsum("ij,ij->i", values, values).sum(dtype=np.float64))


def _chroma(stored: Stored, grey: int, span: int) -> tuple[float, float]:
    """Mean and mean square of a chroma plane."""
    values = stored - np.float32(grey)
    return float(values.mean(dtype=np.float64)) / span, _sum_of_squares(values) / values.size / span**2
