"""How much of a sound lies where: its mean spectrum over the whole song, and the levels of the bands a voice is heard in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block

BAND_EDGES_HZ = (60, 300, 800, 1500, 4000, 8000)
"""Boom, body, vowels, presence, and the sharp consonants."""

_FRAME_SECONDS = 0.08
_SILENT_DB = -120.0


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The mean power spectrum of a sound, over time and channels.

    Attributes:
        hz: Frequencies, evenly apart, from 0.
        level_db: Power density at each, in dB; -120 at the least. A full-scale sine has no meaning in it: compare two.
    """

    hz: NDArray[np.float64]
    level_db: NDArray[np.float64]

    def bands_db(self) -> tuple[float | None, ...]:
        """Mean power density of each band of `BAND_EDGES_HZ` in dB; None for what lies above half the sample rate."""
        power = 10 ** (self.level_db / 10)
        found: list[float | None] = []
        for low, high in pairwise(BAND_EDGES_HZ):
            inside = (self.hz >= low) & (self.hz < high)
            found.append(float(10 * np.log10(power[inside].mean())) if high <= self.hz[-1] + 1 else None)
        return tuple(found)


class SpectrumMeter:
    """Takes the mean spectrum of a sound that comes in pieces: frames of 80 ms without overlap, under a Hann window."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate = sample_rate
        self._length = 1 << round(np.log2(sample_rate * _FRAME_SECONDS))
        self._window = np.hanning(self._length).astype(np.float32)
        self._power = np.zeros(self._length // 2 + 1)
        self._frames = 0
        self._kept = np.zeros((channels, 0), np.float32)

    def add(self, block: Block) -> None:
        """The next samples, float (channels, n), finite."""
        from scipy.fft import rfft

        sound = np.concatenate([self._kept, block], axis=1)
        count = sound.shape[1] // self._length
        whole = sound[:, : count * self._length].reshape(-1, self._length)
        for frame in whole:
            self._power += np.abs(rfft(frame * self._window)) ** 2
        self._frames += len(whole)
        self._kept = sound[:, count * self._length :]

    def finish(self) -> Spectrum:
        """The spectrum; the last, incomplete frame counts if there is no other."""
        if not self._frames and self._kept.size:
            self.add(np.zeros((len(self._kept), self._length - self._kept.shape[1]), np.float32))
        scale = float(np.sum(self._window**2)) * self._rate * max(self._frames, 1)
        level_db = 10 * np.log10(np.maximum(self._power / scale, 10 ** (_SILENT_DB / 10)))
        return Spectrum(np.arange(len(level_db)) * (self._rate / self._length), level_db)
