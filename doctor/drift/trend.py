"""The drift of a curve over the pieces of a video: how much in all, and whether chance could do it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .parts import DriftPiece

CHANCE = 0.05
"""A trend that chance makes more often than this is none."""


@dataclass(frozen=True)
class Trend:
    """A drift, measured over pieces.

    Attributes:
        levels: (P,) the curve's median in each piece, relative to the first; NaN if a piece has no value.
        total: Change from the middle of the first piece to that of the last, by the Theil-Sen line (Sen 1968).
        per_minute: The same in a minute.
        chance: Probability that a curve without trend ranks like this or more so, both ways (Mann 1945, Kendall 1975).
        rest: Median distance of the pieces from the line.
        back_at_joins: Median over windows of the change within a window that is gone behind its join; 0 without a plan.
    """

    levels: NDArray[np.float64]
    total: float
    per_minute: float
    chance: float
    rest: float
    back_at_joins: float

    @property
    def is_real(self) -> bool:
        """Whether chance is an unlikely explanation."""
        return self.chance <= CHANCE


def stitched(values: NDArray[np.floating], sections: NDArray[np.int64]) -> NDArray[np.float64]:
    """(N, ...) curves whose sections are moved onto each other: what begins anew on purpose begins at the level before.

    Args:
        values: (N, ...) levels; NaN is no value.
        sections: (N,) number of the section of each.
    """
    joined: NDArray[np.float64] = np.array(values, np.float64)
    reach = 4
    for edge in np.flatnonzero(np.diff(sections)) + 1:
        before, after = joined[max(0, edge - reach) : edge], joined[edge : edge + reach]
        if np.isfinite(before).any() and np.isfinite(after).any():
            joined[edge:] += np.nanmedian(before, axis=0) - np.nanmedian(after, axis=0)
    return joined


def trend_of(frames: NDArray[np.int64], values: NDArray[np.floating], parts: Sequence[DriftPiece], fps: float) -> Trend:
    """The trend of a curve.

    Args:
        frames: (N,) the frame of each value.
        values: (N,) the curve; NaN is no value.
        parts: The pieces.
        fps: Frames per second.
    """
    levels = np.array([_median(values[(frames >= part.start_px) & (frames < part.stop_px)]) for part in parts])
    middles = np.array([(part.start_px + part.stop_px) / 2 / fps for part in parts])
    known = np.isfinite(levels)
    first = levels[known][0] if known.any() else 0.0
    levels = levels - first
    x, y = middles[known], levels[known]
    if len(x) < 2:
        return Trend(levels, 0.0, 0.0, 1.0, 0.0, 0.0)
    slope = float(np.median([(y[j] - y[i]) / (x[j] - x[i]) for i, j in itertools.combinations(range(len(x)), 2)]))
    line = slope * x
    rest = float(np.median(np.abs(y - line - np.median(y - line))))
    back = _back_at_joins(frames, values, parts, fps)
    return Trend(levels, slope * float(x[-1] - x[0]), slope * 60, rank_chance(y), rest, back)


def rank_chance(values: NDArray[np.floating]) -> float:
    """Two-sided probability of a rank order at least as monotone: counted out for up to 10 values, else by the normal law."""
    count = len(values)
    if count < 3:
        return 1.0
    score = sum(int(np.sign(values[j] - values[i])) for i, j in itertools.combinations(range(count), 2))
    if count <= 10:
        orders = np.ones(1)
        for size in range(2, count + 1):
            orders = np.convolve(orders, np.ones(size))
        inversions = (count * (count - 1) // 2 - abs(score)) // 2
        return min(1.0, 2 * float(orders[: inversions + 1].sum()) / math.factorial(count))
    spread = math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    return math.erfc(max(0, abs(score) - 1) / spread / math.sqrt(2))


def _back_at_joins(frames: NDArray[np.int64], values: NDArray[np.floating], parts: Sequence[DriftPiece], fps: float) -> float:
    windows = [(part.window, part.start_px, part.stop_px) for part in parts if part.window is not None]
    if len({window for window, _, _ in windows}) < 3:
        return 0.0
    jumps, rises = [], []
    numbers = sorted({window for window, _, _ in windows})
    spans = [(min(a for w, a, _ in windows if w == n), max(b for w, _, b in windows if w == n)) for n in numbers]
    reach = round(fps)
    for (start, stop), (_, next_stop) in itertools.pairwise(spans):
        here = _median(values[(frames >= max(start, stop - reach)) & (frames < stop)])
        there = _median(values[(frames >= stop) & (frames < min(next_stop, stop + reach))])
        begin = _median(values[(frames >= start) & (frames < min(stop, start + reach))])
        jumps.append(here - there)
        rises.append(here - begin)
    kept = [min(abs(j), abs(r)) * np.sign(j) if j * r > 0 else 0.0 for j, r in zip(jumps, rises, strict=True)]
    return float(np.median(kept)) if np.isfinite(kept).all() else 0.0


def _median(values: NDArray[np.floating]) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else math.nan


def percent_of(log_ratio: float) -> float:
    """Size of a change in percent, the same for one and its reverse."""
    return 100 * float(np.expm1(abs(log_ratio)))
