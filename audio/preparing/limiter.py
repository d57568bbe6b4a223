"""Gain over time that brings a song to a loudness and keeps its true peaks under a ceiling.

It is computed from the peak and the energy of each cell of 5 ms, so that the whole song is looked ahead at without holding it:
the gain falls before a peak comes, and what comes out is not delayed. Between two cells the gain runs in a straight line.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .loudness import CELLS_PER_SECOND

RELEASE_SECONDS = 0.05
"""Time in which a reduction, in dB, falls to its 1/e after a peak."""
ATTACK_SECONDS = 0.005
"""The same before it."""

MOST_GAIN_DB = 40.0
"""More would only raise the noise of a recording that is next to silent."""
MOST_LOST_LU = 6.0
"""Most that limiting may take from the loudness that gain alone would give. Lively speech loses 1 to 5; more sounds flat."""
MARGIN_DB = 0.15
"""Kept below the ceiling: a gain that moves bends the curve between the samples a little, and other meters differ a little."""

_CLOSE_DB = 0.01


@dataclass(frozen=True, eq=False)
class GainCurve:
    """The factors that a song is multiplied with.

    Attributes:
        knots: Factors at the beginning of each cell, and one at the end of the last.
        gain_db: The constant part.
        most_reduction_db: The most that the limiter takes away from it.
        limited_fraction: Part of the song in which it takes away at least 1 dB, 0 to 1.
        reached_lufs: The loudness that comes out; -inf for silence and for less than 400 ms.
    """

    knots: NDArray[np.float64]
    gain_db: float
    most_reduction_db: float
    limited_fraction: float
    reached_lufs: float


def gain_curve(
    peaks: NDArray[np.float32],
    loudness_with: Callable[[NDArray[np.float64]], float],
    target_lufs: float,
    ceiling: float,
) -> GainCurve:
    """The gain that makes a song as loud as asked, as far as `MOST_GAIN_DB` and `MOST_LOST_LU` let it; peaks stay below.

    Args:
        peaks: The true peak of each cell.
        loudness_with: The loudness in LUFS of the song with these gains, one for each cell.
        target_lufs: The loudness asked for.
        ceiling: The highest true peak allowed, 1 is full scale.
    """
    unchanged = loudness_with(np.ones(len(peaks)))
    if not math.isfinite(unchanged):
        return _curve(peaks, 0.0, ceiling, loudness_with)
    plain_db = min(target_lufs - unchanged, MOST_GAIN_DB)
    made = _curve(peaks, plain_db, ceiling, loudness_with)
    if plain_db + unchanged - made.reached_lufs <= _CLOSE_DB:
        return made
    # Limiting takes loudness away: somewhat more gain makes up for it, or less if it would take too much.
    headroom_db = 20 * math.log10(ceiling / float(peaks.max())) - MARGIN_DB
    low_db, high_db = min(headroom_db, plain_db), min(plain_db + MOST_LOST_LU, MOST_GAIN_DB)
    made = _curve(peaks, low_db, ceiling, loudness_with)
    while high_db - low_db > _CLOSE_DB:
        gain_db = (low_db + high_db) / 2
        tried = _curve(peaks, gain_db, ceiling, loudness_with)
        if tried.reached_lufs <= target_lufs and gain_db + unchanged - tried.reached_lufs <= MOST_LOST_LU:
            low_db, made = gain_db, tried
        else:
            high_db = gain_db
    return made


def factors(curve: GainCurve, sample_rate: int, begin: int, count: int) -> NDArray[np.float32]:
    """The factors of the samples `[begin, begin + count)`."""
    cell = (begin + np.arange(count, dtype=np.float64)) * (CELLS_PER_SECOND / sample_rate)
    first = int(cell[0])
    near = curve.knots[first : int(cell[-1]) + 2]
    return np.interp(cell, first + np.arange(len(near)), near).astype(np.float32)


def _curve(
    peaks: NDArray[np.float32], gain_db: float, ceiling: float, loudness_with: Callable[[NDArray[np.float64]], float]
) -> GainCurve:
    over_db = 20 * np.log10(np.maximum(peaks, 1e-12)) + (gain_db + MARGIN_DB - 20 * math.log10(ceiling))
    reduction_db = _reduction(np.maximum(over_db, 0))
    knots = 10 ** ((gain_db - reduction_db) / 20)
    by_cell = (knots[:-1] + knots[1:]) / 2
    return GainCurve(
        knots,
        gain_db,
        float(reduction_db.max()),
        float(np.mean(reduction_db >= 1)),
        loudness_with(by_cell),
    )


def _reduction(over_db: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much to lower each knot so that no cell is over, nor the cells beside it, whose samples count to it too."""
    if not over_db.any():
        return np.zeros(len(over_db) + 1)
    around = np.pad(over_db, 2)
    needed = np.maximum.reduce([around[offset : offset + len(over_db) + 1] for offset in range(4)])
    released = _fading(needed, RELEASE_SECONDS)
    return _fading(released[::-1], ATTACK_SECONDS)[::-1]


def _fading(levels: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """At each knot the highest of all levels so far, each fallen to its 1/e in `seconds`."""
    steps = np.arange(len(levels)) / (seconds * CELLS_PER_SECOND)
    with np.errstate(divide="ignore"):
        rising = np.log(levels) + steps
    return np.exp(np.maximum.accumulate(rising) - steps)
