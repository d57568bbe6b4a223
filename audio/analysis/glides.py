"""Harmonics that glide together, as those of a voice do and those of keys, drums and frets do not.

A voice does not step from note to note: its pitch slides, trembles and falls, and takes all its harmonics along. On a
logarithmic axis of frequency that is one shift, the same in every band. To find it by laying one spectrum over the next is the
"fluctogram" of B. Lehner, R. Sonnleitner and G. Widmer, "Towards light-weight, real-time-capable singing voice detection"
(2013). Each spectrum is looked at twice: as it is, and without what stays for 160 ms, under which a voice may be hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, Framer, Samples

GLIDE_HOP_SAMPLES = 320
"""20 ms from one spectrum to the next."""

_BINS_PER_OCTAVE = 60
_FFT_SAMPLES = 4096
_APART = 2
"""Spectra of which the median of five is taken for what stays: every second one, 160 ms in all."""

_MARGIN = 2 * _APART
_BLOCK = 500

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class _Sought:
    """When a band counts as shifted.

    Attributes:
        farthest: Bins; a shift as far as that may be a leap to another note, and does not count.
        likeness: How like the shifted spectrum is at least (cosine).
        gain: How much more so than without the shift.
    """

    farthest: int
    likeness: float
    gain: float


@dataclass(frozen=True)
class Sight:
    """A way to look for glides.

    Attributes:
        window: Samples of a spectrum: the longer, the finer in frequency and the coarser in time.
        low_hz: Lowest frequency.
        high_hz: Highest.
        smooth: Bins over which the spectrum is averaged; only what rises above that counts.
        band: Bins of a band; bands lie half of that apart.
        lag: Spectra that are laid over each other are this many apart.
        whole: Shifts that are sought in the spectrum as it is.
        moving: In the spectrum without what stays.
    """

    window: int
    low_hz: float
    high_hz: float
    smooth: int
    band: int
    lag: int
    whole: _Sought
    moving: _Sought


QUICK = Sight(1024, 200.0, 5000.0, 30, 60, 2, _Sought(5, 0.8, 0.05), _Sought(6, 0.7, 0.1))
"""64 ms, shifts over 40 ms: consonants, scoops and wide vibrato."""

FINE = Sight(2048, 150.0, 1600.0, 20, 40, 3, _Sought(5, 0.75, 0.05), _Sought(7, 0.6, 0.1))
"""128 ms, shifts over 60 ms: a narrow vibrato in a low voice."""

_BANDS_AT_LEAST = 2


class GlideListener:
    """Hears samples in pieces, and tells when harmonics glide; keeps two bytes for each 20 ms.

    Args:
        sight: How it looks.
    """

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._framer = Framer(sight.window, GLIDE_HOP_SAMPLES)
        self._window = np.hanning(sight.window + 1)[:-1].astype(np.float32)
        count = int(np.log2(sight.high_hz / sight.low_hz) * _BINS_PER_OCTAVE)
        at = sight.low_hz * 2 ** (np.arange(count) / _BINS_PER_OCTAVE) * _FFT_SAMPLES / LISTENING_HZ
        self._bin = at.astype(np.intp)
        self._part = (at - self._bin).astype(np.float32)
        self._last: Floats = np.zeros((2 * _MARGIN + sight.lag, count), np.float32)
        self._glides: list[Bools] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`."""
        self._keep(self._framer.add(samples))

    def glides(self) -> Bools:
        """(N, 2), one row each 20 ms: whether harmonics glide, in the whole spectrum and in what moves; call it once."""
        self._keep(self._framer.finish())
        after = _MARGIN + self._sight.lag
        self._compare(np.zeros((after, self._last.shape[1]), np.float32))
        # The first rows compare silence before the song, and the last ones frames that the song's end cuts.
        glides = np.concatenate([np.zeros((0, 2), np.bool_), *self._glides])[after:]
        glides[-(self._sight.window // 2 // GLIDE_HOP_SAMPLES + self._sight.lag + 1) :] = False
        return glides

    def _keep(self, frames: Samples) -> None:
        for begin in range(0, len(frames), _BLOCK):
            self._compare(self._spectra(frames[begin : begin + _BLOCK]))

    def _spectra(self, frames: Samples) -> Floats:
        """(N, bins), square roots of magnitudes on a logarithmic axis."""
        from scipy import fft

        magnitude = np.abs(fft.rfft(frames * self._window, _FFT_SAMPLES))
        return np.sqrt(magnitude[:, self._bin] * (1 - self._part) + magnitude[:, self._bin + 1] * self._part)

    def _compare(self, fresh: Floats) -> None:
        sight = self._sight
        spectra = np.concatenate([self._last, fresh])
        self._last = spectra[len(fresh) :]
        middle = spectra[_MARGIN:-_MARGIN]
        whole = _above(middle, sight.smooth)
        moving = _above(np.maximum(middle - _staying(spectra), 0), sight.smooth)
        self._glides.append(np.stack([_shifted(whole, sight, sight.whole), _shifted(moving, sight, sight.moving)], axis=1))


def _above(spectra: Floats, smooth: int) -> Floats:
    from scipy import ndimage

    return np.maximum(spectra - ndimage.uniform_filter1d(spectra, smooth, axis=1), 0)


def _staying(spectra: Floats) -> Floats:
    """(N - 2 * margin, bins), the median of five spectra around each: what is there for longer than a shift takes."""
    count = len(spectra) - 2 * _MARGIN
    first, second, own, fourth, fifth = (spectra[k * _APART : k * _APART + count] for k in range(5))
    low = np.maximum(np.minimum(first, second), np.minimum(fourth, fifth))
    high = np.minimum(np.maximum(first, second), np.maximum(fourth, fifth))
    return np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), own))


def _shifted(spectra: Floats, sight: Sight, sought: _Sought) -> Bools:
    """(N - lag,), whether enough bands of `spectra` (N, bins) are shifted the same way against those `lag` rows later."""
    earlier, later = spectra[: -sight.lag], spectra[sight.lag :]
    energy = np.cumsum(spectra * spectra, axis=1, dtype=np.float64)
    energy = np.pad(energy, ((0, 0), (1, 0)))
    ways = np.zeros(len(later), np.int8)
    shifts = range(-sought.farthest, sought.farthest + 1)
    for low in range(sought.farthest, spectra.shape[1] - sight.band - sought.farthest + 1, sight.band // 2):
        high = low + sight.band
        likeness = np.stack([np.einsum("ij,ij->i", earlier[:, low:high], later[:, low + k : high + k]) for k in shifts], axis=1)
        lengths = np.stack([energy[sight.lag :, high + k] - energy[sight.lag :, low + k] for k in shifts], axis=1)
        own = energy[: -sight.lag, high] - energy[: -sight.lag, low]
        likeness = likeness / (np.sqrt(np.maximum(lengths * own[:, None], 0)) + 1e-9)
        shift, best = likeness.argmax(axis=1) - sought.farthest, likeness.max(axis=1)
        moved = (np.abs(shift) < sought.farthest) & (best > sought.likeness)
        moved &= best > likeness[:, sought.farthest] + sought.gain
        ways += np.where(moved, np.sign(shift), 0).astype(np.int8)
    return np.abs(ways) >= _BANDS_AT_LEAST
