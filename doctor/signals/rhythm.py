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

EACH = ", each"
"""End of the names of rarities."""

_AS_CLEAR, _OFTEN = 0.5, 0.8
_WILD = 0.05
_RAREST = 14.0
_FEW = 14

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
        of_each: The clearest rhythm of each score and rarity.
    """

    best: Rhythm | None
    periods_px: NDArray[np.int64]
    evidence: Series
    of_each: tuple[Rhythm, ...] = ()


def surprise(values: NDArray[Any], usable: NDArray[np.bool_]) -> Series:
    """(N,) -ln of the fraction of usable frames whose value is at least as large; 0 for a frame that is not usable."""
    from scipy.stats import rankdata

    scores = np.zeros(len(values))
    ranks = rankdata(-values[usable], method="average")
    scores[usable] = -np.log(ranks / (len(ranks) + 1))
    return scores


def rarity(values: NDArray[Any], usable: NDArray[np.bool_]) -> Series:
    """(N,) like `surprise`, but how far a value lies beyond the usual counts too: beyond 19 of 20 with its third power.

    Not usable frames are infinite.
    """
    scores = surprise(values, usable)
    usual = max(float(np.quantile(values[usable], 1 - _WILD)), 1e-9) if usable.any() else 1.0
    beyond = -math.log(_WILD) + 3 * np.log(np.maximum(values / usual, 1.0))
    return np.asarray(np.where(usable, np.minimum(np.where(values > usual, beyond, scores), _RAREST), np.inf))


def find_rhythms(
    scores: Mapping[str, Series],
    weights: Mapping[str, float],
    rarities: Mapping[str, Series],
    usable: NDArray[np.bool_],
    shortest_px: int,
    longest_px: int,
) -> Rhythms:
    """Looks for the clearest rhythm: many frames that stand out together, or a few each of which does.

    Args:
        scores: By name (N,), from `surprise`.
        weights: Share of the accepted error that each score may use up, 1 in all.
        rarities: By name (N,), from `rarity`; of one share together.
        usable: (N,) frames that may belong to a rhythm.
        shortest_px: First period that is tried.
        longest_px: Last one. A period must fit four times.
    """
    frames = len(usable)
    periods = np.arange(shortest_px, min(longest_px, frames // 4) + 1)
    if not len(periods):
        return Rhythms(None, periods, np.zeros(0))
    trials = np.stack((np.log(periods * 4.0 * len(periods)), np.full(len(periods), math.log(4.0 * len(periods)))), 1)
    shares = np.log([weights[name] for name in scores])
    many = _many(np.stack(list(scores.values())), usable, periods)
    few = _few(np.stack(list(rarities.values())), periods)
    names = (*scores, *rarities)
    phases = np.concatenate((many[0], few[0]), 1)
    evidence = np.concatenate((many[1] + shares[None, :, None], few[1] - math.log(len(rarities))), 1) - trials[:, None, :]
    found = []
    for column, name in enumerate(names):
        row, way = (int(place) for place in np.unravel_index(int(evidence[:, column].argmax()), (len(periods), 2)))
        phase_px = 0 if way else int(phases[row, column])
        best_px = _fundamental(int(periods[row]), phase_px, scores[name.removesuffix(EACH)], usable, shortest_px)
        teeth = np.arange(phase_px % best_px, frames, best_px)
        clear = float(evidence[row, column, way])
        found.append(Rhythm(name, best_px, phase_px % best_px, clear, teeth[usable[teeth]]))
    return Rhythms(max(found, key=lambda rhythm: rhythm.evidence), periods, evidence.max((1, 2)), tuple(found))


def _fundamental(period_px: int, phase_px: int, scores: Series, usable: NDArray[np.bool_], shortest_px: int) -> int:
    """The shortest part of a period at which frames stand out as much as at the period itself."""
    frames = len(scores)
    teeth = np.arange(phase_px, frames, period_px)
    clear = _AS_CLEAR * float(np.median(scores[teeth[usable[teeth]]]))
    for parts in range(period_px // shortest_px, 1, -1):
        if period_px % parts == 0:
            part = period_px // parts
            between = np.arange(phase_px % part, frames, part)
            between = between[((between - phase_px) % period_px != 0) & usable[between]]
            if len(between) and float((scores[between] > clear).mean()) > _OFTEN:
                return part
    return period_px


def _many(stack: Series, usable: NDArray[np.bool_], periods: NDArray[np.int64]) -> tuple[NDArray[np.int64], Series]:
    """The best phases (P, C), and (P, C, 2) evidence there and at phase 0, since tiles begin with the first frame."""
    free = np.zeros((len(periods), len(stack)), np.int64)
    sums, counts = np.zeros((*free.shape, 2)), np.zeros((*free.shape, 2))
    for row, period in enumerate(periods.tolist()):
        folded, number = _fold(stack, period), _fold(usable[None].astype(float), period)[0]
        worth = np.where(number >= FEWEST_TEETH, (folded - number) / np.sqrt(np.maximum(number, 1)), -np.inf)
        free[row] = worth.argmax(1)
        for column, phase in enumerate((free[row], np.zeros_like(free[row]))):
            sums[row, :, column] = folded[np.arange(len(stack)), phase]
            counts[row, :, column] = number[phase]
    return free, _minus_ln_tail(counts, sums)


def _few(stack: Series, periods: NDArray[np.int64]) -> tuple[NDArray[np.int64], Series]:
    """As `_many`, of rhythms of at most `_FEW` frames, nearly all of which stand out; one of five may hide, or a quarter."""
    from scipy.special import gammaln

    frames = stack.shape[1]
    free, evidence = np.zeros((len(periods), len(stack)), np.int64), np.full((len(periods), len(stack), 2), -np.inf)
    for row, period in enumerate(periods.tolist()):
        rows = -(-frames // period)
        if rows > _FEW:
            continue
        padded = np.full((len(stack), rows * period), np.inf)
        padded[:, :frames] = stack
        ordered = np.sort(padded.reshape(len(stack), rows, period), axis=1)
        count = np.isfinite(ordered).sum(1)
        hidden = np.where(count <= 4, 0, np.where(count <= 7, 1, count // 4))
        least = np.take_along_axis(ordered, hidden[:, None], 1)[:, 0]
        least = np.where(np.isfinite(least), least, 0.0)  # a phase without usable frames stands for nothing
        worth = (count - hidden) * least - (gammaln(count + 1) - gammaln(hidden + 1) - gammaln(count - hidden + 1))
        freely = np.where(count > FEWEST_TEETH, worth, -np.inf)
        free[row] = freely.argmax(1)
        evidence[row, :, 0] = freely.max(1)
        evidence[row, :, 1] = np.where(count[:, 0] >= FEWEST_TEETH, worth[:, 0], -np.inf)
    return free, evidence


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
    # Far out, once the tail is below the smallest number, it is x^(n-1) e^-x / (n-1)! and a little more.
    far = sums - (shape - 1) * np.log(np.maximum(sums, 1e-9)) + gammaln(shape)
    minus_ln = np.where(tail > 1e-280, -np.log(np.maximum(tail, 1e-300)), far)
    return np.asarray(np.where(counts >= FEWEST_TEETH, minus_ln, -np.inf), np.float64)
