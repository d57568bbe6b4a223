"""An even rhythm among the frames of a video: which period, which phase, and how sure that it is none by chance.

Epoch folding: a score of each frame is summed over all frames that lie a period apart. Scores are -ln of the rank, so that
under chance a sum of n of them has a gamma distribution whatever the frames are like, and one wild frame cannot make a rhythm.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .robust import Series

FEWEST_TEETH = 3
"""Frames that a rhythm needs; two always make one."""


@dataclass(frozen=True)
class Rhythm:
    """A rhythm.

    Attributes:
        name: Of the score that shows it.
        period_px: Frames from one beat to the next.
        phase_px: The first frame of it, 0 to period - 1.
        evidence: -ln of the probability that chance makes one as clear anywhere in this video; 4.6 is 1 %.
        frames: Its frames, in order, those left out that are not to be used.
    """

    name: str
    period_px: int
    phase_px: int
    evidence: float
    frames: NDArray[np.int64]


@dataclass(frozen=True)
class Rhythms:
    """All periods of one video.

    Attributes:
        best: The clearest rhythm; None if the video is too short for one.
        periods_px: (P,) the periods that were tried.
        evidence: (P,) how clear the best phase of each is, by the clearest score.
    """

    best: Rhythm | None
    periods_px: NDArray[np.int64]
    evidence: Series


def surprise(values: NDArray[Any], usable: NDArray[np.bool_]) -> Series:
    """(N,) -ln of the fraction of usable frames whose value is at least as large; 0 for a frame that is not usable."""
    from scipy.stats import rankdata

    scores = np.zeros(len(values))
    ranks = rankdata(-values[usable], method="average")
    scores[usable] = -np.log(ranks / (len(ranks) + 1))
    return scores


def find_rhythms(
    scores: Mapping[str, Series], weights: Mapping[str, float], usable: NDArray[np.bool_], shortest_px: int, longest_px: int
) -> Rhythms:
    """Looks for the clearest rhythm.

    Args:
        scores: By name (N,), from `surprise`.
        weights: Share of the accepted error that each score may use up, 1 in all.
        usable: (N,) frames that may belong to a rhythm.
        shortest_px: First period that is tried.
        longest_px: Last one. A period must fit four times.
    """
    frames = len(usable)
    periods = np.arange(shortest_px, min(longest_px, frames // 4) + 1)
    if not len(periods):
        return Rhythms(None, periods, np.zeros(0))
    names = list(scores)
    stack = np.stack([scores[name] for name in names])
    free = np.zeros((len(periods), len(names)), np.int64)
    sums, counts = np.zeros((*free.shape, 2)), np.zeros((*free.shape, 2))
    for row, period in enumerate(periods.tolist()):
        folded, number = _fold(stack, period), _fold(usable[None].astype(float), period)[0]
        worth = np.where(number >= FEWEST_TEETH, (folded - number) / np.sqrt(np.maximum(number, 1)), -np.inf)
        phase = worth.argmax(1)
        free[row] = phase
        # Tiles begin with the first frame, so the phase 0 is tried with a trial of its own.
        for column, chosen in enumerate((phase, np.zeros_like(phase))):
            sums[row, :, column] = folded[np.arange(len(names)), chosen]
            counts[row, :, column] = number[chosen]
    share = np.log([weights[name] for name in names])[None, :, None]
    trials = np.stack((np.log(periods * 2.0 * len(periods)), np.full(len(periods), math.log(2.0 * len(periods)))), 1)
    evidence = _minus_ln_tail(counts, sums) + share - trials[:, None, :]
    row, name, column = (int(place) for place in np.unravel_index(int(evidence.argmax()), evidence.shape))
    best_px, phase_px = int(periods[row]), 0 if column else int(free[row, name])
    teeth = np.arange(phase_px, frames, best_px)
    best = Rhythm(names[name], best_px, phase_px, float(evidence[row, name, column]), teeth[usable[teeth]])
    return Rhythms(best, periods, evidence.max((1, 2)))


def _fold(stack: NDArray[Any], period: int) -> Series:
    """(C, period) sums over frames that lie a period apart, of scores (C, N)."""
    whole = stack.shape[1] // period * period
    folded = stack[:, :whole].reshape(len(stack), -1, period).sum(1)
    folded[:, : stack.shape[1] - whole] += stack[:, whole:]
    return np.asarray(folded, np.float64)


def _minus_ln_tail(counts: Series, sums: Series) -> Series:
    """-ln of the probability that a gamma variable of shape `counts` exceeds `sums`; -inf for too few."""
    from scipy.special import gammaincc, gammaln

    shape = np.maximum(counts, 1.0)
    tail = gammaincc(shape, np.maximum(sums, 0.0))
    # Far out, where the tail is below the smallest number, it is x^(n-1) e^-x / (n-1)! and a little more.
    far = sums - (shape - 1) * np.log(np.maximum(sums, 1e-9)) + gammaln(shape)
    minus_ln = np.where(tail > 1e-280, -np.log(np.maximum(tail, 1e-300)), far)
    return np.asarray(np.where(counts >= FEWEST_TEETH, minus_ln, -np.inf), np.float64)
