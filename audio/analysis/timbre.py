"""Loudness, how fast the timbre changes, and how much like noise the sound is: what tells speech, song and a crowd apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, WINDOW_SAMPLES, Framer, Samples
from .glides import GLIDE_HOP_SAMPLES

_LOW_HZ, _HIGH_HZ, _BANDS, _COEFFICIENTS = 200.0, 4000.0, 23, 5
_MOVE_FRAMES = 4
_NOISE_FROM_HZ, _NOISE_BANDS, _NOISE_BAND_BINS = 500.0, 11, 32
_FLOOR = 1e-6
"""Power of a spectrum's bin that counts as silence; that of a sine at full scale is 65,536."""

_BLOCK = 1000

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Timbre:
    """The sound of a song, one value each 20 ms.

    Attributes:
        level_db: (N,), RMS level from 250 Hz up, in dB relative to full scale.
        movement: (N,), how far the spectrum's envelope moves in 80 ms: the sum over five cepstral coefficients.
        flatness_db: (N,), geometric over arithmetic mean of power in bands of 500 Hz: -2.5 for noise, far less for tones.
    """

    level_db: Floats
    movement: Floats
    flatness_db: Floats


class TimbreListener:
    """Hears samples in pieces; keeps 12 bytes for each 20 ms."""

    def __init__(self) -> None:
        self._framer = Framer(hop=GLIDE_HOP_SAMPLES)
        self._window = np.hanning(WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
        edges = np.geomspace(_LOW_HZ, _HIGH_HZ, _BANDS + 2) * WINDOW_SAMPLES / LISTENING_HZ
        self._bands = [(int(low), int(high) + 1) for low, high in zip(edges[:-2], edges[2:], strict=True)]
        self._last: Floats = np.zeros((0, _COEFFICIENTS), np.float32)
        self._kept: list[Floats] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`."""
        self._keep(self._framer.add(samples))

    def timbre(self) -> Timbre:
        """The timbre of everything that was heard; call it once, at the end."""
        self._keep(self._framer.finish())
        columns = np.concatenate([np.zeros((0, 3), np.float32), *self._kept])
        return Timbre(columns[:, 0], columns[:, 1], columns[:, 2])

    def _keep(self, frames: Samples) -> None:
        from scipy import fft

        for begin in range(0, len(frames), _BLOCK):
            power = np.abs(fft.rfft(frames[begin : begin + _BLOCK] * self._window)) ** 2 + np.float32(_FLOOR)
            level = 10 * np.log10(power[:, 16:].sum(axis=1) / (0.375 * WINDOW_SAMPLES) * 2 / WINDOW_SAMPLES)
            self._kept.append(np.stack([level, self._movement(power), _flatness(power)], axis=1).astype(np.float32))

    def _movement(self, power: Floats) -> Floats:
        from scipy import fft

        loudness = np.stack([np.log(power[:, low:high].sum(axis=1)) for low, high in self._bands], axis=1)
        cepstrum = fft.dct(loudness, axis=1, norm="ortho")[:, 1 : 1 + _COEFFICIENTS]
        if not len(self._last):
            self._last = np.repeat(cepstrum[:1], _MOVE_FRAMES, axis=0)
        whole = np.concatenate([self._last, cepstrum])
        self._last = whole[-_MOVE_FRAMES:]
        moved: Floats = np.abs(whole[_MOVE_FRAMES:] - whole[:-_MOVE_FRAMES]).sum(axis=1)
        return moved


def _flatness(power: Floats) -> Floats:
    first = int(_NOISE_FROM_HZ * WINDOW_SAMPLES / LISTENING_HZ)
    bands = power[:, first : first + _NOISE_BANDS * _NOISE_BAND_BINS].reshape(len(power), _NOISE_BANDS, _NOISE_BAND_BINS)
    flat: Floats = (10 / np.log(10) * (np.log(bands).mean(axis=2) - np.log(bands.mean(axis=2)))).mean(axis=1)
    return flat
