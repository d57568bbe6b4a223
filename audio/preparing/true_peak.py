"""True peak after ITU-R BS.1770-4, Annex 2: the largest value of the sound between the samples too, at four times the rate.

The filter is our own: the standard's has 12 taps for each phase, this one 24, and is level up to 0.42 of the sample rate.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block, SongSource, finite_blocks
from .loudness import CellGrid, Cells

OVERSAMPLING = 4
TAPS = 24
"""Samples that a value between two of them is made from; even."""

_KAISER_BETA = 6.5
_TOGETHER = 16
"""Neighbours whose values are made from one row of samples."""
_ROWS = 128
"""Rows of one product of matrices: the algebra library works on larger ones with all processors, and then waits for them."""
_PIECE_SAMPLES = 8 * _ROWS * _TOGETHER
"""Samples that are interpolated in one go, so that they stay in the processor's cache."""


class TruePeakMeter:
    """Finds the true peak of one sound, and of each cell of 5 ms of it, over all channels.

    A value between samples n and n + 1 counts to the cell of n.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._grid = CellGrid(sample_rate)
        self._cells = Cells()
        # The first TAPS - 1 are in front of the sound, or were interpolated before.
        self._kept = np.zeros((channels, TAPS // 2 - 1), np.float32)

    def add(self, block: Block) -> None:
        """The next samples, float (channels, n), finite."""
        self._take(np.concatenate([self._kept, block], axis=1))

    def finish(self) -> None:
        """The sound has ended; silence follows."""
        self._take(np.concatenate([self._kept, np.zeros((len(self._kept), TAPS // 2), np.float32)], axis=1))

    @property
    def cell_peaks(self) -> NDArray[np.float32]:
        """The true peak of each cell so far, 1 is full scale."""
        return self._cells.values

    @property
    def peak(self) -> float:
        """The true peak of all so far, 1 is full scale."""
        return float(self._cells.values.max(initial=0.0))

    @property
    def dbtp(self) -> float:
        """The same in dB relative to full scale, -inf for silence."""
        return decibels(self.peak)

    def _take(self, sound: Block) -> None:
        # Sample i of `sound` is TAPS // 2 - 1 behind the first that it is interpolated from.
        ready = sound.shape[1] - (TAPS - 1)
        for begin in range(0, ready, _PIECE_SAMPLES):
            piece = sound[:, begin : min(begin + _PIECE_SAMPLES, ready) + TAPS - 1]
            peaks = _peaks(piece)
            first, starts = self._grid.add(len(peaks))
            self._cells.put(first, np.maximum.reduceat(peaks, starts), np.maximum)
        self._kept = sound[:, max(ready, 0) :]


def true_peak_dbtp(source: SongSource) -> float:
    """The true peak of a song in dB relative to full scale, -inf for silence.

    Raises:
        SongError: As `finite_blocks`.
    """
    meter = TruePeakMeter(source.sample_rate, len(source.channel_names))
    for block in finite_blocks(source):
        meter.add(block)
    meter.finish()
    return meter.dbtp


def decibels(amplitude: float) -> float:
    """20 log10, -inf for 0."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def _peaks(sound: Block) -> NDArray[np.float32]:
    """For each sample that has all its neighbours, its largest absolute value up to the next one, over all channels."""
    middle = TAPS // 2 - 1
    count = sound.shape[1] - (TAPS - 1)
    highest = np.abs(sound[:, middle : middle + count]).max(axis=0)
    padded = np.pad(sound, ((0, 0), (0, -count % (_ROWS * _TOGETHER))))
    for channel in padded:
        rows = np.lib.stride_tricks.sliding_window_view(channel, _TOGETHER + TAPS - 1)[::_TOGETHER]
        between = np.ascontiguousarray(rows).reshape(-1, _ROWS, rows.shape[1]) @ _filter()
        phases = np.abs(between, out=between).reshape(-1, OVERSAMPLING - 1, _TOGETHER)
        np.maximum(highest, phases.max(axis=1).reshape(-1)[:count], out=highest)
    return highest


@lru_cache(maxsize=1)
def _filter() -> NDArray[np.float32]:
    """(_TOGETHER + TAPS - 1, phases * _TOGETHER): from a row of samples to all values between those in its middle.

    Each is a sinc under a Kaiser window, which leaves a constant what it is.
    """
    phases = np.arange(1, OVERSAMPLING) / OVERSAMPLING
    t = np.arange(TAPS)[:, None] - (TAPS // 2 - 1) - phases
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(1 - (t / (TAPS / 2)) ** 2, 0))) / np.i0(_KAISER_BETA)
    taps = np.sinc(t) * window
    taps /= taps.sum(axis=0)
    made = np.zeros((_TOGETHER + TAPS - 1, len(phases), _TOGETHER), np.float32)
    for index in range(_TOGETHER):
        made[index : index + TAPS, :, index] = taps
    return made.reshape(len(made), -1)
