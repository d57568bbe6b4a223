"""Harmonics that glide together, as those of a voice do and those of keys, drums and frets do not.

A voice does not step from note to note: its pitch slides, trembles and falls, and takes all its harmonics along. On a
logarithmic axis of frequency that is one shift, the same in every band. To find it by laying one spectrum over the next is the
"fluctogram" of B. Lehner, R. Sonnleitner and G. Widmer, "Towards light-weight, real-time-capable singing voice detection"
(2013).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, WINDOW_SAMPLES, Framer, Samples

GLIDE_HOP_SAMPLES = 320
"""20 ms from one spectrum to the next."""

LAGS = (1, 2)
"""Spectra this many hops apart are laid over each other: 20 ms for speech, 40 ms for a sung tone."""

_LOW_HZ, _HIGH_HZ, _BINS_PER_OCTAVE = 200.0, 5000.0, 60
_FFT_SAMPLES = 4 * WINDOW_SAMPLES
_FARTHEST = 5
"""Bins, 20 cents each; a shift as far as that may be a leap from one note to another, and does not count."""

_LIKENESS, _GAIN = 0.85, 0.1
"""How like the shifted spectrum is at least (cosine), and how much more so than without the shift."""

_BANDS_AT_LEAST = 2

Floats = NDArray[np.float32]


class GlideListener:
    """Counts bands (an octave each, half an octave apart) whose harmonics move the same way; keeps two bytes for each 20 ms."""

    def __init__(self) -> None:
        self._framer = Framer(hop=GLIDE_HOP_SAMPLES)
        self._window = np.hanning(WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
        count = int(np.log2(_HIGH_HZ / _LOW_HZ) * _BINS_PER_OCTAVE)
        at = _LOW_HZ * 2 ** (np.arange(count) / _BINS_PER_OCTAVE) * _FFT_SAMPLES / LISTENING_HZ
        self._bin = at.astype(np.intp)
        self._part = (at - self._bin).astype(np.float32)
        self._last: Floats = np.zeros((max(LAGS), count), np.float32)
        self._moves: list[NDArray[np.bool_]] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`."""
        self._keep(self._framer.add(samples))

    def moves(self) -> NDArray[np.bool_]:
        """(N, lags), one row each 20 ms: whether harmonics glide there; call it once, at the end."""
        self._keep(self._framer.finish())
        moves = np.concatenate([np.zeros((0, len(LAGS)), np.bool_), *self._moves])
        moves[-(WINDOW_SAMPLES // 2 // GLIDE_HOP_SAMPLES + 1) :] = False  # frames that the song's end cuts
        return moves

    def _keep(self, frames: Samples) -> None:
        for begin in range(0, len(frames), 500):
            spectra = np.concatenate([self._last, self._peaks(frames[begin : begin + 500])])
            new = len(spectra) - max(LAGS)
            self._moves.append(np.stack([_glides(spectra[max(LAGS) - lag :], lag) for lag in LAGS], axis=1))
            self._last = spectra[new:]

    def _peaks(self, frames: Samples) -> Floats:
        """Spectra (N, bins) on a logarithmic axis, without what is as broad as half an octave."""
        from scipy import fft, ndimage

        magnitude = np.abs(fft.rfft(frames * self._window, _FFT_SAMPLES))
        spread = magnitude[:, self._bin] * (1 - self._part) + magnitude[:, self._bin + 1] * self._part
        compressed = np.sqrt(spread)
        smooth = ndimage.uniform_filter1d(compressed, _BINS_PER_OCTAVE // 2, axis=1)
        return np.maximum(compressed - smooth, 0)


def _glides(spectra: Floats, lag: int) -> NDArray[np.bool_]:
    """(N - lag,), whether enough bands of `spectra` (N, bins) are shifted the same way against those `lag` rows before."""
    earlier, later = spectra[:-lag], spectra[lag:]
    ways = np.zeros(len(later), np.int8)
    for low in range(_FARTHEST, spectra.shape[1] - _BINS_PER_OCTAVE - _FARTHEST + 1, _BINS_PER_OCTAVE // 2):
        high = low + _BINS_PER_OCTAVE
        before = earlier[:, low:high]
        length = np.linalg.norm(before, axis=1)
        likeness = np.stack(
            [_cosine(before, length, later[:, low + shift : high + shift]) for shift in range(-_FARTHEST, _FARTHEST + 1)],
            axis=1,
        )
        shift = likeness.argmax(axis=1) - _FARTHEST
        best = likeness.max(axis=1)
        moved = (np.abs(shift) < _FARTHEST) & (best > _LIKENESS) & (best > likeness[:, _FARTHEST] + _GAIN)
        ways += np.where(moved, np.sign(shift), 0).astype(np.int8)
    return np.abs(ways) >= _BANDS_AT_LEAST


def _cosine(one: Floats, length: Floats, other: Floats) -> Floats:
    return np.einsum("ij,ij->i", one, other) / (length * np.linalg.norm(other, axis=1) + 1e-9)
