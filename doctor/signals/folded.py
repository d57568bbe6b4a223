"""Rhythms by their whole course: what a series does in each period is the same, whatever its shape."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .robust import Series, running_median, spread_of

FEWEST_PERIODS = 5
"""Fewer leave too few frequencies between two harmonics to tell what is usual there."""

_FEW_PERIODS = 6
"""Fewer are tried apart and asked for more."""
_HARMONICS = 6
_HIGHEST = 0.34
"""Frequencies above a third of the frame rate are the encoder's, whose frames refer to the second and fourth next."""
_BESIDE, _WIDE = 20, 41
_MOST = 60.0
_SPREADS = 6.0
_FIRST = 3.0
_AS_CLEAR, _OWN, _AS_STRONG = 0.75, 5.0, 0.3


@dataclass(frozen=True)
class Course:
    """A period whose course repeats.

    Attributes:
        name: Of the series.
        period_px: Its length.
        evidence: -ln of the probability that chance repeats a course as well anywhere in this video.
    """

    name: str
    period_px: int
    evidence: float


def find_courses(series: Mapping[str, Series], shortest_px: int, longest_px: int) -> tuple[Course, ...]:
    """The clearest period of each series, the clearest first.

    The power at a period's harmonics is compared with the usual one just beside them, as chance spreads it exponentially.

    Args:
        series: By name (N,).
        shortest_px: First period that is tried.
        longest_px: Last one. A period must fit five times.
    """
    frames = len(next(iter(series.values())))
    periods = np.arange(shortest_px, min(longest_px, frames // FEWEST_PERIODS) + 1)
    if not len(periods):
        return ()
    few = frames // periods < _FEW_PERIODS
    trials = np.log(np.where(few, few.sum(), (~few).sum()) * len(series))
    found = []
    for name, values in series.items():
        evidence, shares = _evidence(values, periods)
        period_px = int(periods[evidence.argmax()])
        clear, chances = float(evidence.max()), float(trials[evidence.argmax()])
        for parts in range(period_px // shortest_px, 1, -1):
            part = period_px // parts - shortest_px
            shared = period_px % parts == 0 and not _is_longer(shares[period_px - shortest_px], parts)
            if shared and evidence[part] > _AS_CLEAR * clear:
                period_px //= parts
                break
        for times in (2, 3):
            if period_px * times <= periods[-1] and _is_longer(shares[period_px * times - shortest_px], times):
                period_px *= times
        found.append(Course(name, period_px, clear - chances))
    return tuple(sorted(found, key=lambda course: -course.evidence))


def _is_longer(shares: Series, parts: int) -> bool:
    """Whether the harmonics that a period does not share with its own nth part have power, too."""
    own = np.arange(1, len(shares) + 1) % parts != 0
    usual = float(np.median(shares[own]))
    shared = 0.0 if own.all() else float(np.median(shares[~own]))
    return usual > max(_OWN, _AS_STRONG * shared)


def _evidence(series: Series, periods: NDArray[np.int64]) -> tuple[Series, Series]:
    """(P,) -ln of the probability that chance makes as much power at the harmonics of each period, and (P, H) that power."""
    from scipy.special import gammaincc

    frames, spread = len(series), spread_of(series)
    clipped = np.clip(series - np.median(series), -_SPREADS * spread, _SPREADS * spread)
    clipped = clipped - clipped.mean()
    power = np.abs(np.fft.rfft(clipped)) ** 2
    wide = running_median(power, _WIDE)
    sums, counts = np.zeros((len(periods), _HARMONICS)), np.arange(1.0, _HARMONICS + 1)
    shares, tried = np.zeros((len(periods), _HARMONICS)), np.zeros(len(periods), np.int64)
    for row, period in enumerate(periods.tolist()):
        whole = frames // period * period
        folded = clipped[:whole].reshape(-1, period).sum(0)
        folded[: frames - whole] += clipped[whole:]
        here = np.abs(np.fft.rfft(folded)) ** 2
        beside = int(np.clip(0.45 * frames / period, 2, _BESIDE))
        tried[row] = min(_HARMONICS, int(_HIGHEST * period))
        total = 0.0
        for harmonic in range(1, tried[row] + 1):
            middle = round(harmonic * frames / period)
            below, above = power[max(1, middle - 1 - beside) : middle - 1], power[middle + 2 : middle + 2 + beside]
            usual = max(float(np.median(below)), float(np.median(above)), float(wide[middle]), 1e-12) / math.log(2)
            share = min(float(here[harmonic]) / usual, _MOST)
            shares[row, harmonic - 1] = share
            total += share
            sums[row, harmonic - 1] = total
        sums[row, tried[row] :] = 0.0
    tails = -np.log(np.maximum(gammaincc(counts, sums), 1e-300)) - np.log(tried)[:, None]
    # Every second or third beat of something shorter, or of no whole number of frames, has no power of its own at the first.
    # Among few periods the first may be hidden by what else is slow; content that swings has not both the second and third.
    strong = shares > _FIRST
    clear = np.where(frames // periods < _FEW_PERIODS, strong[:, 1] & strong[:, 2], strong[:, 0])
    return np.asarray(np.where(clear, tails.max(1), 0.0)), shares
