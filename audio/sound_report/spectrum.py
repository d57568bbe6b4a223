"""Levels over frequency and time of what the LTX audio encoder hears: one channel at 16 kHz, in frames of 64 ms."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..analysis.framing import LISTENING_HZ, WINDOW_SAMPLES, Framer, Samples
from .bands import BANDS
from .noise_floor import NoiseFloor
from .sound_report import Noise, decibels

HOP_SAMPLES = WINDOW_SAMPLES // 2
"""32 ms: nothing here is finer."""

HUSHED_DB = -70.0
"""Frames below it have no room around the sound: a recording has noise above that, a synthesiser's pause has not."""

_BIN_HZ = LISTENING_HZ / WINDOW_SAMPLES
_EDGE_BELOW_HZ, _EDGE_ABOVE_HZ = (500, 100), (250, 150)
"""Offsets of what is compared on both sides of an edge: a mean below it, all above it but the last bit under 8 kHz."""
_EDGE_DB = 20.0
_LOWEST_EDGE_HZ = 1000


class SpectrumListener:
    """Measures bands, levels over time, noise and the upper edge of a song."""

    def __init__(self) -> None:
        self._framer = Framer(WINDOW_SAMPLES, HOP_SAMPLES)
        self._bins = np.zeros(WINDOW_SAMPLES // 2 + 1)
        self._frames: list[NDArray[np.float32]] = []
        self._noise = NoiseFloor()
        self._energy = 0.0
        self._samples = 0

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._samples += len(samples)
        self._energy += float(np.square(samples, dtype=np.float64).sum())
        self._take(self._framer.add(samples))

    def finish(self) -> None:
        """The song has ended."""
        self._take(self._framer.finish())

    def _take(self, frames: Samples) -> None:
        from scipy.fft import rfft

        if not len(frames):
            return
        power = np.square(np.abs(rfft(frames * _window(), axis=1)))
        self._bins += power.sum(axis=0, dtype=np.float64)
        self._frames.append(power[:, _bins_between(BANDS[0].low_hz, BANDS[-1].high_hz)].sum(axis=1))
        self._noise.add(power)

    @property
    def level_db(self) -> float:
        """RMS level."""
        return decibels(self._energy / max(self._samples, 1))

    @property
    def band_levels_db(self) -> tuple[float, ...]:
        """RMS level in each of `BANDS`."""
        mean = self._bins / max(len(self._frame_powers()), 1)
        return tuple(decibels(float(mean[_bins_between(band.low_hz, band.high_hz)].sum())) for band in BANDS)

    @property
    def level_by_second_db(self) -> tuple[float, ...]:
        """RMS level of each second, 60 Hz to 8 kHz."""
        powers = self._frame_powers()
        starts = np.arange(len(powers)) * HOP_SAMPLES // LISTENING_HZ
        sums, counts = np.bincount(starts, powers), np.bincount(starts)
        seconds = -(-self._samples // LISTENING_HZ)
        return tuple(decibels(float(total / count)) for total, count in zip(sums[:seconds], counts, strict=False))

    def level_range_db(self) -> float:
        """20 log10 of the 90th by the 5th percentile of the frames' RMS; inf if those are silent, 0 if all is."""
        low, high = np.percentile(self._frame_powers(), (5, 90))
        return 0.0 if high == 0 else decibels(float(high)) - decibels(float(low))

    def hushed_fraction(self) -> float:
        """Part of the frames between the first and the last sound that lie below `HUSHED_DB`, 0 to 1."""
        hushed = self._frame_powers() < 10 ** (HUSHED_DB / 10)
        sounding = np.flatnonzero(~hushed)
        return float(hushed[sounding[0] : sounding[-1]].mean()) if len(sounding) > 1 else 0.0

    def is_steady(self) -> bool:
        """Whether the level hardly changes: a test tone, or noise alone."""
        low, high = np.percentile(self._frame_powers(), (10, 90))
        return bool(high < 1.3 * low)

    def noise(self) -> Noise | None:
        """The noise that is heard all the time; None if there is none."""
        floor = self._noise.floor_power()
        if floor is None:
            return None
        whole = sum(10 ** (level / 10) for level in self.band_levels_db)
        return Noise(decibels(floor), decibels(max(whole - floor, 1e-3 * floor) / floor))

    def band_limit_hz(self) -> float | None:
        """The edge above which nothing is left, below 8 kHz; None if there is none."""
        smooth = np.convolve(self._bins, np.ones(7) / 7, mode="same")
        level = 10 * np.log10(smooth + 1e-20 * max(float(smooth.max()), 1e-30))
        first, last = _bin_of(_LOWEST_EDGE_HZ), _bin_of(BANDS[-1].high_hz - sum(_EDGE_ABOVE_HZ) - 50)
        far, near, above, end = (round(hz / _BIN_HZ) for hz in (*_EDGE_BELOW_HZ, *_EDGE_ABOVE_HZ))
        highest_above = np.maximum.accumulate(level[: len(level) - end][::-1])[::-1]
        at, sums = np.arange(first, last), np.concatenate([[0.0], np.cumsum(level)])
        drops = (sums[at - near] - sums[at - far]) / (far - near) - highest_above[at + above]
        return (first + int(np.argmax(drops >= _EDGE_DB))) * _BIN_HZ if drops.max() >= _EDGE_DB else None

    def _frame_powers(self) -> NDArray[np.float32]:
        if len(self._frames) > 1:
            self._frames = [np.concatenate(self._frames)]
        return self._frames[0] if self._frames else np.zeros(0, np.float32)


def _bin_of(hz: float) -> int:
    return round(hz / _BIN_HZ)


def _bins_between(low_hz: float, high_hz: float) -> slice:
    return slice(int(np.ceil(low_hz / _BIN_HZ)), int(np.ceil(high_hz / _BIN_HZ)))


@lru_cache(maxsize=1)
def _window() -> NDArray[np.float32]:
    """A Hann window, scaled so that the bins of a frame add up to its mean square."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW_SAMPLES) / WINDOW_SAMPLES)
    return (hann * np.sqrt(2 / (WINDOW_SAMPLES * np.square(hann).sum()))).astype(np.float32)
