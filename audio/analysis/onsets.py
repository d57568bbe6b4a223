"""Where notes and strokes begin: bands that become louder at once.

After SuperFlux (Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013): a band is compared
with the loudest of itself and its neighbours two frames ago, so that a tone that glides is no onset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .framing import HOP_SAMPLES, LISTENING_HZ, Framer, Samples
from .mel import BANDS, band_hz, mel_db

FRAMES_PER_SECOND = LISTENING_HZ // HOP_SAMPLES
BANDS_HZ = 10
_FRAMES_A_MEAN = FRAMES_PER_SECOND // BANDS_HZ
_LAG_FRAMES = 2
_LOW_HZ = 200.0
"""Kick drum and bass lie below."""
_QUIET_SECONDS = 0.05
_AROUND_SECONDS = 0.5
_RISE = 0.7
"""Standard deviations by which an onset stands above the flux around it."""

Curve = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Onsets:
    """How much begins at each moment.

    Attributes:
        flux: (frames,) at 100 Hz, dB per band that the bands rose by; 0 if nothing begins.
        low_flux: The same of the bands below 200 Hz.
        bands_db: (frames, `BANDS`) at `BANDS_HZ`, the mean level of each band.
    """

    flux: Curve
    low_flux: Curve
    bands_db: Curve

    def seconds(self) -> tuple[float, ...]:
        """Times of single onsets, rising, at least 50 ms apart."""
        from scipy import ndimage

        if not len(self.flux) or not self.flux.max() > 0:
            return ()
        near = 2 * int(_QUIET_SECONDS * FRAMES_PER_SECOND / 2) + 1
        wide = 2 * int(_AROUND_SECONDS * FRAMES_PER_SECOND / 2) + 1
        smooth = ndimage.gaussian_filter1d(self.flux, 1.0)
        highest = ndimage.maximum_filter1d(smooth, near)
        mean = ndimage.uniform_filter1d(smooth, wide)
        is_onset = (smooth == highest) & (smooth > mean + _RISE * float(smooth.std())) & (smooth > 1.0)
        frames = np.flatnonzero(is_onset)
        apart = np.concatenate([[True], np.diff(frames) >= near // 2 + 1]) if len(frames) else np.zeros(0, np.bool_)
        return tuple(float(frame) / FRAMES_PER_SECOND for frame in frames[apart])


class OnsetListener:
    """Hears samples in pieces, and keeps two numbers of each 10 ms and 40 of each 0.1 s."""

    def __init__(self) -> None:
        self._framer = Framer()
        # Nothing begins with the first frame: before it the song is taken to be as it is then.
        self._before: NDArray[np.float32] | None = None
        self._flux: list[Curve] = []
        self._low: list[Curve] = []
        self._bands: list[Curve] = []
        self._not_meant: Curve = np.empty((0, BANDS), np.float32)
        self._is_low = band_hz() < _LOW_HZ

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._hear(self._framer.add(samples))

    def result(self) -> Onsets:
        """Of everything that was heard; call it once, at the end."""
        self._hear(self._framer.finish())
        rest = [self._not_meant.mean(axis=0, keepdims=True)] if len(self._not_meant) else []
        return Onsets(np.concatenate(self._flux), np.concatenate(self._low), np.concatenate([*self._bands, *rest]))

    def _hear(self, frames: Samples) -> None:
        from scipy import ndimage

        if not len(frames):
            return
        levels = mel_db(frames)
        self._keep_means(levels)
        before = np.repeat(levels[:1], _LAG_FRAMES, axis=0) if self._before is None else self._before
        levels = np.concatenate([before, levels])
        self._before = levels[-_LAG_FRAMES:]
        widest = ndimage.maximum_filter1d(levels[:-_LAG_FRAMES], 3, axis=1)
        rise = np.maximum(levels[_LAG_FRAMES:] - widest, 0)
        self._flux.append(rise.sum(axis=1) / BANDS)
        self._low.append(rise[:, self._is_low].sum(axis=1) / int(self._is_low.sum()))

    def _keep_means(self, levels: Curve) -> None:
        levels = np.concatenate([self._not_meant, levels])
        count = len(levels) // _FRAMES_A_MEAN
        whole = levels[: count * _FRAMES_A_MEAN]
        self._bands.append(whole.reshape(count, _FRAMES_A_MEAN, BANDS).mean(axis=1))
        self._not_meant = levels[count * _FRAMES_A_MEAN :]
