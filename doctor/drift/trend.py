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


AFTER_CUT = 2
"""Values after which a new place looks as it will: in the second behind a cut encoders still bring its details."""

AT_ONCE = 0.6
"""Share of a change above which a single step that makes it is a cut, and no drift; windows that each add a step stay below."""


@dataclass(frozen=True)
class Trend:
    """A drift, measured over pieces.

    Attributes:
        levels: (P,) the curve's median in each piece, relative to the first; NaN if a piece has no value.
        total: Change from the middle of the first piece to that of the last, by the Theil-Sen line (Sen 1968).
        per_minute: The same in a minute.
        chance: Probability that a curve without trend ranks like this or more so, both ways (Mann 1945, Kendall 1975).
        rest: Median distance of the pieces from the line.
        at_once: Share of the change that is the largest single step, between the medians of three values before and behind.
        back_at_joins: Median over windows of the change within a window that is gone behind its join; 0 without a plan.
    """

    levels: NDArray[np.float64]
    total: float
    per_minute: float
    chance: float
    rest: float
    at_once: float
    back_at_joins: float

    @property
    def is_real(self) -> bool:
        """Whether chance is an unlikely explanation, and no single step is one."""
        return self.chance <= CHANCE and self.at_once <= AT_ONCE


def stitched(values: NDArray[np.floating], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """(N, ...) curves whose places are moved onto each other: a new one begins at the level before, one that returns is left.

    Args:
        values: (N, ...) levels; NaN is no value.
        places: (N,) number of the place of each.
    """
    joined: NDArray[np.float64] = np.array(values, np.float64)
    reach = 4
    edges = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist(), len(places)]
    moves: dict[int, NDArray[np.float64]] = {int(places[0]): np.zeros_like(joined[0])} if len(places) else {}
    for edge, stop in itertools.pairwise(edges[1:]):
        place = int(places[edge])
        if place not in moves:
            before, after = joined[max(0, edge - reach) : edge], joined[edge:stop][AFTER_CUT:][:reach]
            after = after if len(after) else joined[edge:stop]
            known = np.isfinite(before).any() and np.isfinite(after).any()
            gap = np.nanmedian(before, axis=0) - np.nanmedian(after, axis=0) if known else moves[int(places[edge - 1])]
            moves[place] = gap
        joined[edge:stop] += moves[place]
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
        return Trend(levels, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    slope = float(np.median([(y[j] - y[i]) / (x[j] - x[i]) for i, j in itertools.combinations(range(len(x)), 2)]))
    line = slope * x
    rest = float(np.median(np.abs(y - line - np.median(y - line))))
    back = _back_at_joins(frames, values, parts, fps)
    total = slope * float(x[-1] - x[0])
    return Trend(levels, total, slope * 60, rank_chance(y), rest, _at_once(values, total), back)


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


def _at_once(values: NDArray[np.floating], total: float) -> float:
    if len(values) < 6:
        return 0.0
    medians = np.median(np.stack([values[:-2], values[1:-1], values[2:]]), axis=0)
    steps = (medians[3:] - medians[:-3]) * np.sign(total)
    return float(steps[np.isfinite(steps)].max(initial=0.0)) / max(abs(total), 1e-9)


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
