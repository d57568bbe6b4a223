"""The look of each window as a few numbers, in what a viewer tells from window to window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .dead_windows import dead_windows
from .robust import Series, running_median, step
from .seams import near
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
    "structure": 0.06,
    "motion": 0.22,
}
"""Differences between windows that a viewer tells: of the level, of a natural logarithm for detail and motion; structure is the
root mean square difference of the cells' mean luma."""

_LEVELS = 6
"""The first of `TOLD` that are one level a frame."""

_OF_AROUND, _OF_USUAL = 1.5, 1.5
_FADE_PX, _SIDE_PX = 9, 12
"""A window's look may come and go within a latent; how it looks then, and before, is told from half a second."""
_ORDINARY = 0.9
"""Quantile of the differences over as many frames elsewhere that those at an odd window's joins exceed."""
_MOTION_PX = 9
_STEP_PX = 4
"""Frames on both sides of a moment between which the pace changes if it does so at once."""
_CALM, _LIVELY = 20, 80
"""Percentiles. What sways is slow at each turn and twice as fast between; faster as a whole is a window whose calm moments
exceed the lively ones of all others."""


@dataclass(frozen=True)
class WindowLooks:
    """Looks of K windows.

    Attributes:
        levels: (K, 6) medians of each level of `TOLD`, in what is told.
        cells: (K, C) mean luma of the cells, 0 to 1.
    """

    levels: Series
    cells: Series

    def between(self, one: int, other: int) -> NDArray[np.float64]:
        """(7,) differences of two windows, in the order of `TOLD`, each in what is told."""
        return _differences(self.levels[one] - self.levels[other], self.cells[one] - self.cells[other])


def window_looks(case: Case) -> WindowLooks:
    """The looks of all windows of a case."""
    levels, cells = _looks_of_frames(case)
    # The frame of the join is left out: encoders and the lead-in change it.
    inside = [slice(min(start + 1, stop - 1), stop) for start, stop in case.windows_px()]
    return WindowLooks(
        np.array([np.median(levels[part], 0) for part in inside]), np.array([cells[part].mean(0) for part in inside])
    )


def odd_windows(case: Case) -> tuple[Series, tuple[str, ...]]:
    """How odd each window is, (K,), from 1 on told, and by what of `TOLD` most; all 0 without a plan or for too few.

    A window is odd as far as its neighbours are alike and it differs from them: as a whole, and more at both its joins than
    the picture changes over so many frames elsewhere, or by moving faster all the time. One that begins or ends a scene that
    the schedule wants, or beside one that is black or stands still, is not judged.
    """
    windows = case.windows_px()
    oddness, by = np.zeros(len(windows)), [""] * len(windows)
    if case.plan is None or len(windows) < FEWEST_WINDOWS:
        return oddness, tuple(by)
    looks, wanted, dead = window_looks(case), wanted_scene_changes(case), dead_windows(case)
    apart = np.array([looks.between(window, window + 1) for window in range(len(windows) - 1)])
    begins, ends, ordinary = _steps(case)
    faster = _faster(case, dead)
    for window in range(1, len(windows) - 1):
        if {window, window + 1} & wanted or {window - 1, window, window + 1} & dead:
            continue
        usual = np.median(np.delete(apart, (window - 1, window), axis=0), 0)
        sides = np.minimum(apart[window - 1], apart[window])
        sides = np.minimum(sides, np.minimum(begins[window - 1], ends[window]))
        around = looks.between(window - 1, window + 1)
        odd = sides / np.maximum.reduce([np.ones_like(around), _OF_AROUND * around, _OF_USUAL * usual, ordinary])
        odd = np.append(odd, faster[window])
        oddness[window], by[window] = float(odd.max()), list(TOLD)[int(odd.argmax())]
    return oddness, tuple(by)


def _looks_of_frames(case: Case) -> tuple[Series, Series]:
    """(N, 6) levels in what is told, (N, C) mean luma of cells."""
    frames = case.video.frames
    detail = np.log(np.maximum(frames.sharpness, 1e-4))
    levels = np.stack([frames.luma, frames.contrast, frames.blue, frames.red, frames.colourfulness, detail], 1)
    scale = np.array(list(TOLD.values())[:_LEVELS])
    return levels.astype(np.float64) / scale, frames.cell_luma.reshape(len(frames), -1) / 255


def _differences(levels: Series, cells: Series) -> NDArray[np.float64]:
    """(..., 7) sizes of differences of levels (..., 6) and cells (..., C)."""
    # The light of the whole picture is told already.
    shape = cells - cells.mean(-1, keepdims=True)
    structure = np.sqrt(np.mean(shape**2, -1, keepdims=True)) / TOLD["structure"]
    return np.concatenate([np.abs(levels), structure], -1)


def _steps(case: Case) -> tuple[Series, Series, NDArray[np.float64]]:
    """Steps at each join as the beginning of a window and as the end of one, (J, 7) both, and ordinary ones, (7,)."""
    levels, cells = _looks_of_frames(case)
    frames, joins = len(levels), np.array(case.cuts_px, np.int64)
    sums = [np.concatenate([np.zeros((1, each.shape[1])), np.cumsum(each, 0)]) for each in (levels, cells)]

    def means(start: NDArray[np.int64]) -> list[Series]:
        first = start.clip(0, frames - 1)
        last = (start + _SIDE_PX).clip(first + 1, frames)
        return [(each[last] - each[first]) / (last - first)[:, None] for each in sums]

    def steps(after: NDArray[np.int64], before: NDArray[np.int64]) -> Series:
        (levels_after, cells_after), (levels_before, cells_before) = means(after), means(before)
        return _differences(levels_after - levels_before, cells_after - cells_before)

    reach = _FADE_PX + _SIDE_PX
    marks = np.zeros(frames, np.bool_)
    marks[joins] = True
    calm = np.flatnonzero(~near(marks, reach, _SIDE_PX))
    calm = calm[(calm >= _SIDE_PX) & (calm <= frames - reach)]
    elsewhere = steps(calm + _FADE_PX, calm - _SIDE_PX)
    ordinary = np.quantile(elsewhere, _ORDINARY, 0) if len(elsewhere) else np.zeros(_LEVELS + 1)
    return steps(joins + _FADE_PX, joins - _SIDE_PX), steps(joins, joins - reach), ordinary


def _faster(case: Case, dead: frozenset[int]) -> Series:
    """(K,) by how much the calm moments of a window exceed the lively ones of all others in motion, in what is told.

    0 if it does not become faster at its first join and slower at its last: what gains pace by and by is content.
    """
    frames = case.video.frames
    change = frames.change if frames.smooth_change is None else frames.smooth_change
    pace = np.log(np.maximum(running_median(change, _MOTION_PX), 1e-5))
    steps = step(np.log(np.maximum(running_median(change, _STEP_PX + 1), 1e-5)), _STEP_PX) / TOLD["motion"]
    edge = _MOTION_PX // 2
    parts = [pace[start + edge : stop - edge] for start, stop in case.windows_px()]
    lively = [np.percentile(part, _LIVELY) if len(part) and each not in dead else -np.inf for each, part in enumerate(parts)]
    faster = np.zeros(len(parts))
    for window, part in enumerate(parts):
        others = max(lively[:window] + lively[window + 1 :])
        start, stop = case.windows_px()[window]
        begins, ends = (steps[max(0, join - 1) : join + _FADE_PX] for join in (start, stop))
        # Too near to the video's ends there is no step to be told.
        at_joins = (start < _STEP_PX or begins.max() >= 1) and (stop > len(frames) - _STEP_PX or ends.min() <= -1)
        if len(part) and np.isfinite(others) and at_joins:
            faster[window] = max(0.0, float(np.percentile(part, _CALM)) - others) / TOLD["motion"]
    return faster
