"""Where a sound lies in a song, to some 10 ms: pieces of it are sought in the whole song, and a line that most agree on.

A song repeats itself, so that a piece is found in many places. Only together do the pieces say which are meant; if several
lines explain them equally well, as in a loop, the one nearest to no offset counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...audio.analysis.onsets import FRAMES_PER_SECOND

Floats = NDArray[np.float64]

MOST_PIECES = 16
SHORTEST_PIECE_SECONDS, LONGEST_PIECE_SECONDS = 1.0, 8.0

SPEEDS = (0.0, *(sign * 0.004 * step for step in range(1, 13) for sign in (1, -1)), 48 / 44.1 - 1, 44.1 / 48 - 1)
"""Rates tried, as parts by which the offset grows in a second: up to 5 %, and a wrongly named sample rate."""

GOOD_MATCH = 0.5
"""From this mean correlation on no other speed is tried."""

_PEAKS = 8
_STEEPEST = 0.1
_NEAR_FRAMES = 3
_AS_GOOD = 0.02
"""Lines whose match is less by no more than this are as good: a recording that goes through an encoder varies by more."""


@dataclass(frozen=True, eq=False)
class RoughMatch:
    """A line of offsets.

    Attributes:
        offset_seconds: By how much the sound comes later than the song, at the sound's first sample.
        slope: By how much that grows each second.
        match: Mean correlation of what begins when, at most 1.
        agreeing: Part of the pieces that are found on the line.
    """

    offset_seconds: float
    slope: float
    match: float
    agreeing: float


def rough_match(sound: NDArray[np.float32], song: NDArray[np.float32]) -> RoughMatch | None:
    """The line on which a sound follows a song; None if one of them is silent or shorter than a second.

    Args:
        sound: (n, groups), what begins when in the sound, 100 a second.
        song: (m, groups), the same of the song.
    """
    begins, length = _pieces(sound)
    if not len(begins) or len(song) < length:
        return None
    found: tuple[float, float, float, float] | None = None
    for speed in SPEEDS:
        line = _line(_curves(sound, song, begins, length, speed), begins, length, speed)
        if found is None or line[2] > found[2] + _AS_GOOD:
            found = line
        if found[2] >= GOOD_MATCH:
            break
    assert found is not None
    return RoughMatch(found[0] / FRAMES_PER_SECOND, found[1], found[2], found[3])


def _pieces(sound: NDArray[np.float32]) -> tuple[NDArray[np.intp], int]:
    """Where pieces begin in which something is heard, spread over the sound, and their length, in frames."""
    seconds = len(sound) / FRAMES_PER_SECOND
    if seconds < SHORTEST_PIECE_SECONDS:
        return np.zeros(0, np.intp), 0
    length = round(np.clip(seconds / 5, SHORTEST_PIECE_SECONDS, LONGEST_PIECE_SECONDS) * FRAMES_PER_SECOND)
    count = min(MOST_PIECES, max(1, 2 * len(sound) // length - 1))
    begins = np.unique(np.linspace(0, len(sound) - length, count).astype(np.intp))
    total = np.concatenate([[0.0], np.cumsum(sound.sum(axis=1, dtype=np.float64))])
    heard = (total[begins + length] - total[begins]) / length
    return begins[heard > max(0.02, 0.1 * float(np.median(heard)))], length


def _curves(
    sound: NDArray[np.float32], song: NDArray[np.float32], begins: NDArray[np.intp], length: int, speed: float
) -> Floats:
    """(pieces, places), correlation of each piece with the song from each place on; place 0 lies `length` before the song."""
    from scipy import fft

    # A piece that is played slower holds less of the song: it is read at the song's pace.
    held = max(2, round(length * (1 - speed)))
    at = np.arange(held) * (length - 1) / (held - 1)
    padded = np.pad(song.astype(np.float64), ((held, held), (0, 0)))
    size = fft.next_fast_len(len(padded) + held, real=True)
    of_song = fft.rfft(padded, size, axis=0)
    groups = song.shape[1]
    power = np.concatenate([[0.0], np.cumsum((padded**2).sum(axis=1))])
    sums = np.concatenate([np.zeros((1, groups)), np.cumsum(padded, axis=0)])
    places = len(padded) - held + 1
    around = power[held:] - power[:-held] - ((sums[held:] - sums[:-held]) ** 2).sum(axis=1) / held
    curves = np.empty((len(begins), places))
    for row, begin in enumerate(begins):
        piece = sound[begin : begin + length].astype(np.float64)
        piece = np.stack([np.interp(at, np.arange(length), piece[:, group]) for group in range(groups)], axis=1)
        piece -= piece.mean(axis=0)
        norm = float((piece**2).sum())
        alike = fft.irfft((of_song * fft.rfft(piece, size, axis=0).conj()).sum(axis=1), size)[:places]
        # Where next to nothing is heard, chance would be scaled up.
        floor = 0.05 * float(np.median(around))
        curves[row] = alike / np.sqrt(norm * np.maximum(around, max(floor, 1e-9)))
    return curves


def _line(curves: Floats, begins: NDArray[np.intp], length: int, speed: float) -> tuple[float, float, float, float]:
    """(offset at the first sample in frames, slope, match, part of pieces on it) of the best line."""
    from scipy import ndimage

    held = max(2, round(length * (1 - speed)))
    near = ndimage.maximum_filter1d(curves, 2 * _NEAR_FRAMES + 1, axis=1)
    rows = np.arange(len(begins))
    # Lag of place p for a piece: it begins `begin` in the sound and p - held in the song.
    peaks = [_peaks(curve) for curve in curves]
    lags = [begins[row] + held - peaks[row] for row in rows]
    candidates = [(float(lag) - speed * begins[row], speed) for row in rows for lag in lags[row]]
    middle = len(begins) // 2
    for first in range(min(4, middle)):
        for last in range(max(middle, len(begins) - 4), len(begins)):
            apart = begins[last] - begins[first]
            for lag in lags[first]:
                for other in lags[last]:
                    slope = float(other - lag) / apart
                    # A piece is found by a pace that is not its own only while it stays nearly together.
                    if abs(slope) <= _STEEPEST and abs(slope - speed) * length <= 2 * _NEAR_FRAMES + 2:
                        candidates.append((float(lag) - slope * begins[first], slope))
    offsets, slopes = (np.array(each) for each in zip(*candidates, strict=True))
    places = np.rint(begins + held - (offsets[:, None] + slopes[:, None] * begins)).astype(np.intp)
    inside = (places >= 0) & (places < curves.shape[1])
    support = np.where(inside, near[rows, places.clip(0, curves.shape[1] - 1)], 0.0)
    score = support.mean(axis=1)
    end = begins[-1] + length
    off = np.maximum(np.abs(offsets), np.abs(offsets + slopes * end))
    as_good = score >= score.max() - _AS_GOOD
    best = int(np.flatnonzero(as_good)[np.argmin(off[as_good])])
    return float(offsets[best]), float(slopes[best]), float(score[best]), float((support[best] > 0.5 * score[best]).mean())


def _peaks(curve: Floats) -> NDArray[np.intp]:
    """Places of the highest peaks, the highest first."""
    inner = np.flatnonzero((curve[1:-1] >= curve[:-2]) & (curve[1:-1] > curve[2:])) + 1
    return inner[np.argsort(curve[inner])[::-1][:_PEAKS]]
