"""Loudness after ITU-R BS.1770-4, with both gates, of sound that comes in pieces, at any sample rate.

What is kept are the energies of cells of 5 ms, a few floats for each second. The standard's blocks of 400 ms, one every 100 ms,
are sums of 80 cells.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block, SongSource, finite_blocks
from .filters import Sections, fitted_sections

CELLS_PER_SECOND = 200
CELLS_PER_STEP = 20
"""100 ms: from the beginning of one block to that of the next."""
STEPS_PER_BLOCK = 4
SHORT_TERM_STEPS = 30
SHORTEST_SECONDS = 0.4
"""One block: what is shorter has no gated loudness."""

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
_OFFSET_DB = -0.691
_SILENCE = -math.inf

# The standard's filters at 48 kHz: the head's shelf, then the high-pass (BS.1770-4, Annex 1, tables 1 and 2).
_STANDARD_HZ = 48_000
_SHELF = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
_HIGH_PASS = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])

_WEIGHTS = {"LFE": 0.0, "LFE2": 0.0} | dict.fromkeys(("SL", "SR", "BL", "BR"), 1.41)
"""By FFmpeg's names; 1 for all others. The standard weighs what lies 60 to 120 degrees from the front."""


class CellGrid:
    """Cuts samples that come in pieces into cells of 5 ms: cell k begins at sample floor(k * rate / 200)."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._at = 0

    def add(self, count: int) -> tuple[int, NDArray[np.intp]]:
        """The number of the cell that the next `count` samples begin in, and where the cells in them begin among them."""
        first = self.cell_of(self._at)
        last = self.cell_of(self._at + count - 1)
        starts = np.arange(first, last + 1, dtype=np.int64) * self._rate // CELLS_PER_SECOND - self._at
        self._at += count
        return first, np.maximum(starts, 0).astype(np.intp)

    def cell_of(self, sample: int) -> int:
        """The cell that holds a sample."""
        return ((sample + 1) * CELLS_PER_SECOND - 1) // self._rate


class Cells:
    """A number for each cell of a song, added to or raised as pieces come."""

    def __init__(self) -> None:
        self._values = np.zeros(1 << 12, np.float32)
        self._count = 0

    def put(self, first: int, values: NDArray[np.floating], combine: np.ufunc) -> None:
        """Combines `values` with what the cells from `first` on hold; new ones begin at 0."""
        end = first + len(values)
        if end > len(self._values):
            self._values = np.concatenate([self._values, np.zeros(max(len(self._values) // 2, end), np.float32)])
        self._values[first:end] = combine(self._values[first:end], values)
        self._count = max(self._count, end)

    @property
    def values(self) -> NDArray[np.float32]:
        """All so far; not to be written to."""
        return self._values[: self._count]


class LoudnessMeter:
    """Measures the loudness of one sound.

    Args:
        sample_rate: Samples per second.
        channel_names: FFmpeg's names of the channels, which decide their weights.
    """

    def __init__(self, sample_rate: int, channel_names: tuple[str, ...]) -> None:
        self._sections = k_weighting(sample_rate)
        self._state = np.zeros((len(self._sections), len(channel_names), 2))
        self._weights = np.array([_WEIGHTS.get(name, 1.0) for name in channel_names])
        self._grid = CellGrid(sample_rate)
        self._cells = Cells()
        self._rate, self._samples = sample_rate, 0

    def add(self, block: Block) -> None:
        """The next samples, float (channels, n), finite."""
        from scipy.signal import sosfilt

        heard, self._state = sosfilt(self._sections, block, zi=self._state)
        np.square(heard, out=heard)
        first, starts = self._grid.add(block.shape[1])
        self._cells.put(first, np.add.reduceat(self._weights @ heard, starts), np.add)
        self._samples += block.shape[1]

    def integrated_lufs(self) -> float:
        """The gated loudness of all so far, in LUFS; -inf if all of it is below the absolute gate, or shorter than 400 ms."""
        return gated_lufs(self._cells.values, self._rate, self._samples)

    def lufs_with(self, gains: NDArray[np.float32]) -> float:
        """The same if each cell were multiplied with its gain."""
        return gated_lufs(self._cells.values * gains**2, self._rate, self._samples)

    def short_term_lufs(self) -> NDArray[np.float64]:
        """The ungated loudness of every 3 s, one for each 100 ms that they can begin at, in LUFS; -120 for silence."""
        power = _sliding_power(self._cells.values, self._rate, self._samples, SHORT_TERM_STEPS)
        return _OFFSET_DB + 10 * np.log10(np.maximum(power, 1e-12))


def gated_lufs(energies: NDArray[np.float32], sample_rate: int, samples: int) -> float:
    """The gated loudness of weighted energies by cell, in LUFS; -inf if no block is above the absolute gate."""
    power = _sliding_power(energies, sample_rate, samples, STEPS_PER_BLOCK)
    loud = power[power > _power(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return _SILENCE
    loud = loud[loud > loud.mean() * 10 ** (RELATIVE_GATE_LU / 10)]
    return _lufs(float(loud.mean()))


def _sliding_power(energies: NDArray[np.float32], sample_rate: int, samples: int, steps_long: int) -> NDArray[np.float64]:
    """Mean weighted square of every stretch of so many steps, one for each step that it can begin at."""
    whole = samples * 10 // sample_rate
    if whole < steps_long:
        return np.empty(0)
    steps = energies[: whole * CELLS_PER_STEP].reshape(whole, CELLS_PER_STEP).sum(axis=1, dtype=np.float64)
    edges = np.arange(whole + 1) * CELLS_PER_STEP * sample_rate // CELLS_PER_SECOND
    power = np.lib.stride_tricks.sliding_window_view(steps, steps_long).sum(axis=1)
    return power / (edges[steps_long:] - edges[:-steps_long])


def integrated_lufs(source: SongSource) -> float:
    """The gated loudness of a song in LUFS, -inf for silence and for less than 400 ms.

    Raises:
        SongError: As `finite_blocks`.
    """
    meter = LoudnessMeter(source.sample_rate, source.channel_names)
    for block in finite_blocks(source):
        meter.add(block)
    return meter.integrated_lufs()


def k_weighting(sample_rate: int) -> Sections:
    """The standard's two filters at any rate: their own coefficients at 48 kHz, else fitted to the same response."""
    return _k_weighting(sample_rate).copy()


@lru_cache(maxsize=16)
def _k_weighting(sample_rate: int) -> Sections:
    made = [
        np.concatenate(each)[None] if sample_rate == _STANDARD_HZ else _at_rate(*each, sample_rate, zeros, at_zero_hz)
        for each, zeros, at_zero_hz in ((_SHELF, 4, 0), (_HIGH_PASS, 2, 2))
    ]
    return np.concatenate(made)


def _at_rate(above: list[float], below: list[float], sample_rate: int, zeros: int, at_zero_hz: int) -> Sections:
    def response(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        # Above its own half rate the standard says nothing; both filters are level there.
        around = np.exp(2j * np.pi * np.minimum(hz, _STANDARD_HZ / 2) / _STANDARD_HZ)
        return np.abs(np.polyval(above, around) / np.polyval(below, around))

    poles = np.roots(below)
    # The standard's digital poles, back to analog ones by the bilinear transform that they came from.
    analog = 2 * _STANDARD_HZ * (poles - 1) / (poles + 1)
    return fitted_sections(analog, response, sample_rate, zeros, at_zero_hz)


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))


def _lufs(power: float) -> float:
    return _OFFSET_DB + 10 * math.log10(power)
