"""A noise that is heard all the time, told from music that has no pauses.

Noise fills the spectrum between the tones, and it never gets quieter. So of each half kilohertz the level is taken that three
quarters of its bins lie above, which tones do not raise; and of those levels over time the lowest. If many of them lie close
together there (the edge of the histogram is steep), that is a noise's level; music that fades and comes again has a flat edge.
Music that is as dense as noise and as steady would be taken for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..analysis.framing import LISTENING_HZ, WINDOW_SAMPLES

_BAND_BINS = 500 * WINDOW_SAMPLES // LISTENING_HZ
_FIRST_BIN = _BAND_BINS
_BANDS = LISTENING_HZ // 2 // 500 - 1
"""From 500 Hz on: below it tones leave no gaps that a frame could show."""

_QUANTILE_INDEX = _BAND_BINS // 4
_SMOOTHED_FRAMES = 4
_LOWEST_DB, _STEP_DB, _STEPS = -140.0, 0.25, 640
_DEAD_POWER = 1e-10
"""Frames below -100 dB are digital silence, of which a noise floor says nothing."""

_EDGE_PERCENTILES = (4, 10, 16)
_STEEP_DB = 2.0
"""Between the outer two of these percentiles: about 1 dB for a noise, above 3 for music without one."""

_TO_MEAN_DB = 6.3
"""From the middle percentile of the smoothed quartile of a Hann window's bins to the mean power of a noise."""

_BELOW_FIRST = (500 - 60) / 500


class NoiseFloor:
    """Collects the levels between tones."""

    def __init__(self) -> None:
        self._counts = np.zeros((_BANDS, _STEPS), np.int64)
        self._last: NDArray[np.float32] = np.zeros((0, _BANDS), np.float32)

    def add(self, power: NDArray[np.float32]) -> None:
        """The spectra (k, bins) of the next frames, as powers."""
        alive = power[power.max(axis=1) > _DEAD_POWER]
        if not len(alive):
            return
        banded = alive[:, _FIRST_BIN : _FIRST_BIN + _BANDS * _BAND_BINS].reshape(-1, _BANDS, _BAND_BINS)
        quartile = np.partition(banded, _QUANTILE_INDEX, axis=2)[:, :, _QUANTILE_INDEX]
        levels = np.concatenate([self._last, 10 * np.log10(quartile + 1e-15)])
        self._last = levels[-(_SMOOTHED_FRAMES - 1) :]
        if len(levels) < _SMOOTHED_FRAMES:
            return
        smooth = np.lib.stride_tricks.sliding_window_view(levels, _SMOOTHED_FRAMES, axis=0).mean(axis=2)
        steps = np.clip((smooth - _LOWEST_DB) / _STEP_DB, 0, _STEPS - 1).astype(np.int64)
        flat = steps + np.arange(_BANDS) * _STEPS
        self._counts += np.bincount(flat.ravel(), minlength=_BANDS * _STEPS).reshape(_BANDS, _STEPS)

    def floor_power(self) -> float | None:
        """Mean power of the noise, 60 Hz to 8 kHz; None if none is heard all the time."""
        if not self._counts.any():
            return None
        shares = np.cumsum(self._counts, axis=1) / self._counts.sum(axis=1, keepdims=True)
        edges = _LOWEST_DB + _STEP_DB * np.stack([(shares < each / 100).sum(axis=1) for each in _EDGE_PERCENTILES])
        is_steep = edges[2] - edges[0] <= _STEEP_DB
        if 2 * is_steep.sum() < _BANDS:
            return None
        # In the others music may cover the noise; it is not louder there than in those that show it.
        floor = np.where(is_steep, edges[1], np.minimum(edges[1], edges[1][is_steep].max()))
        powers = _BAND_BINS * 10 ** ((floor + _TO_MEAN_DB) / 10)
        return float(powers.sum() + powers[0] * _BELOW_FIRST)
