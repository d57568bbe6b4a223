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
_PIECE_KNOTS = 1 << 14
"""Knots that are worked on in one go, so that memory grows with a song by its curve alone."""


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

    knots: NDArray[np.float32]
    gain_db: float
    most_reduction_db: float
    limited_fraction: float
    reached_lufs: float


def gain_curve(
    peaks: NDArray[np.float32],
    loudness_with: Callable[[NDArray[np.float32]], float],
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
    unchanged = loudness_with(np.ones(len(peaks), np.float32))
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
    peaks: NDArray[np.float32], gain_db: float, ceiling: float, loudness_with: Callable[[NDArray[np.float32]], float]
) -> GainCurve:
    over_db = np.maximum(peaks, np.float32(1e-12))
    np.log10(over_db, out=over_db)
    over_db *= 20
    over_db += gain_db + MARGIN_DB - 20 * math.log10(ceiling)
    knots = _reduction(np.maximum(over_db, 0, out=over_db))
    most_db, limited = float(knots.max()), float(np.mean(knots >= 1))
    # From here on they are factors; a song of hours has too many for another array of each step.
    np.subtract(gain_db, knots, out=knots)
    knots /= 20
    np.power(np.float32(10), knots, out=knots)
    return GainCurve(knots, gain_db, most_db, limited, loudness_with((knots[:-1] + knots[1:]) * np.float32(0.5)))


def _reduction(over_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much to lower each knot so that no cell is over, nor the cells beside it, whose samples count to it too."""
    needed = np.zeros(len(over_db) + 1, np.float32)
    if over_db.any():
        # A cell lies between the knots of its number and of the next; two on either side are lowered for it.
        for first in range(-1, 3):
            part = needed[max(first, 0) : len(over_db) + first]
            np.maximum(part, over_db[max(-first, 0) : max(-first, 0) + len(part)], out=part)
        _fade(needed, RELEASE_SECONDS)
        _fade(needed[::-1], ATTACK_SECONDS)
    return needed


def _fade(levels: NDArray[np.float32], seconds: float) -> None:
    """Puts in the place of each level the highest of all so far, each fallen to its 1/e in `seconds`."""
    steps = np.arange(_PIECE_KNOTS) / (seconds * CELLS_PER_SECOND)
    before = 0.0
    for begin in range(0, len(levels), _PIECE_KNOTS):
        part = levels[begin : begin + _PIECE_KNOTS]
        part[0] = max(float(part[0]), before)
        rising = steps[: len(part)].copy()
        with np.errstate(divide="ignore"):
            rising += np.log(part)
        np.maximum.accumulate(rising, out=rising)
        part[:] = np.exp(rising - steps[: len(part)])
        before = float(part[-1]) * math.exp(-float(steps[1]))
