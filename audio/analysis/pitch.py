"""The pitch of one voice, and whether there is one: decided for each moment, not assumed.

Method of P. Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled
sound" (1993): peaks of the autocorrelation, divided by that of the window, are candidates, and "no voice" is one more. The path
through them is the dearest one: a leap costs, and so does a change between voiced and unvoiced. For a voice in a mix the
spectrum is compressed first, so that one loud partial does not speak for all: T. Tolonen and M. Karjalainen, "A
computationally efficient multipitch analysis model" (2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, WINDOW_SAMPLES, Framer, Samples

PITCH_HOP_SAMPLES = 320
"""20 ms from one pitch to the next."""

_FFT_SAMPLES = 2 * WINDOW_SAMPLES
_FINER = 2
"""Lags between samples are read too: at 1000 Hz a period is 16 samples, and a peak between two of them would seem too low."""
_CANDIDATES = 4
_SILENCE_RATIO, _OCTAVE_COST = 0.03, 0.01
_JUMP_COST, _VOICING_COST = 0.175, 0.07
"""Boersma's costs (0.35 and 0.14 for steps of 10 ms) for steps of 20 ms."""

_COMPRESSION = 0.67
"""Exponent on the magnitude spectrum, in a mix (2 is plain autocorrelation)."""
_BASS_HZ = 150.0
"""Below it a mix is mostly bass and drum: its weight falls to nothing at half of it."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class PitchTrack:
    """The pitch over time.

    Attributes:
        f0_hz: (N,), one each `hop_seconds`, the first at the song's first sample; NaN without a voice.
        hop_seconds: From one to the next.
    """

    f0_hz: Floats
    hop_seconds: float = PITCH_HOP_SAMPLES / LISTENING_HZ

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """(N,), whether there is a pitch."""
        return ~np.isnan(self.f0_hz)


class PitchTracker:
    """Hears samples in pieces and decides on their pitch at the end; keeps 36 bytes for each 20 ms.

    Args:
        low_hz: Lowest pitch; 50 or more, as a frame must hold three periods.
        high_hz: Highest, above `low_hz` and at most 2000.
        in_mix: Whether other sounds go on beside the voice.
        voicing_threshold: How periodic a voice is at least, 0 to 1 (Boersma: 0.45).
    """

    def __init__(
        self, low_hz: float = 65.0, high_hz: float = 1050.0, in_mix: bool = False, voicing_threshold: float = 0.45
    ) -> None:
        if not 50.0 <= low_hz < high_hz <= 2000.0:
            raise ValueError(
                f"pitch is sought from {low_hz:g} to {high_hz:g} Hz: the lowest must be at least 50 and below the highest, "
                "which is at most 2000"
            )
        self._low_hz, self._high_hz, self._in_mix, self._threshold = low_hz, high_hz, in_mix, voicing_threshold
        self._framer = Framer(hop=PITCH_HOP_SAMPLES)
        self._window = np.hanning(WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
        own = np.fft.irfft(np.abs(np.fft.rfft(self._window, _FFT_SAMPLES)) ** 2, _FINER * _FFT_SAMPLES)[
            : _FINER * WINDOW_SAMPLES // 2
        ]
        self._window_correlation = (own / own[0]).astype(np.float32)
        hz = np.fft.rfftfreq(_FFT_SAMPLES, 1 / LISTENING_HZ)
        self._bass_weight = np.clip(2 * hz / _BASS_HZ - 1, 0, 1).astype(np.float32)
        self._kept: list[tuple[Floats, Floats, Floats]] = []

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`."""
        self._keep(self._framer.add(samples))

    def track(self) -> PitchTrack:
        """The pitch of everything that was heard; call it once, at the end."""
        self._keep(self._framer.finish())
        if not self._kept:
            return PitchTrack(np.empty(0, np.float32))
        f0, strength, peak = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
        loudest = float(peak.max())
        if loudest <= 0:
            return PitchTrack(np.full(len(peak), np.nan, np.float32))
        quiet = np.maximum(0, 2 - (peak / loudest) * (1 + self._threshold) / _SILENCE_RATIO)
        unvoiced = self._threshold + np.where(np.isfinite(quiet), quiet, 2)
        return PitchTrack(_best_path(f0, strength, unvoiced.astype(np.float32)))

    def _keep(self, frames: Samples) -> None:
        for begin in range(0, len(frames), 500):
            self._kept.append(self._candidates(frames[begin : begin + 500]))

    def _candidates(self, frames: Samples) -> tuple[Floats, Floats, Floats]:
        from scipy import fft

        centred = frames - frames.mean(axis=1, keepdims=True)
        spectrum = np.abs(fft.rfft(centred * self._window, _FFT_SAMPLES))
        power = (spectrum * self._bass_weight) ** _COMPRESSION if self._in_mix else spectrum**2
        correlation = fft.irfft(power, _FINER * _FFT_SAMPLES)[:, : _FINER * WINDOW_SAMPLES // 2]
        at_zero = correlation[:, :1]
        normalised = correlation / np.maximum(at_zero, 1e-12)
        if not self._in_mix:
            normalised /= self._window_correlation
        f0, strength = _peaks(normalised, self._low_hz, self._high_hz)
        return f0, strength, np.abs(centred).max(axis=1)


def _peaks(correlation: Floats, low_hz: float, high_hz: float) -> tuple[Floats, Floats]:
    """Pitch and strength (N, candidates) of the highest peaks between the two pitches; strength 0 for what is none."""
    rate = _FINER * LISTENING_HZ
    first, last = int(rate / high_hz), min(correlation.shape[1] - 2, int(np.ceil(rate / low_hz)))
    before, here, after = (
        correlation[:, first - 1 : last],
        correlation[:, first : last + 1],
        correlation[:, first + 1 : last + 2],
    )
    is_peak = (here > before) & (here >= after) & (here > 0)
    lags = np.arange(first, last + 1, dtype=np.float32)
    cost = _OCTAVE_COST * np.log2(low_hz * lags / rate)
    score = np.where(is_peak, here - cost, -1)
    best = np.argpartition(-score, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    left, middle, right, chosen = (np.take_along_axis(each, best, 1) for each in (before, here, after, score))
    bend = left - 2 * middle + right
    offset = np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(np.abs(bend) > 1e-9, bend, 1), 0).clip(-0.5, 0.5)
    f0 = rate / (lags[best] + offset)
    height = np.minimum(chosen - 0.25 * (left - right) * offset, 1)
    found = (chosen > 0) & (f0 >= low_hz) & (f0 <= high_hz)
    return np.where(found, f0, 0).astype(np.float32), np.where(found, height, 0).astype(np.float32)


def _best_path(f0: Floats, strength: Floats, unvoiced: Floats) -> Floats:
    """The pitch (N,) along the dearest path through candidates (N, K) and "unvoiced" (N,); NaN there."""
    count, states = len(f0), f0.shape[1] + 1
    absent = f0 <= 0
    octave = np.log2(np.where(absent, 1, f0))
    gain = np.concatenate([np.where(absent, -1e3, strength), unvoiced[:, None]], axis=1)
    step = np.zeros((count - 1, states, states), np.float32)
    step[:, :-1, :-1] = _JUMP_COST * np.abs(octave[:-1, :, None] - octave[1:, None, :])
    step[:, :-1, -1] = step[:, -1, :-1] = _VOICING_COST
    total, origin = gain[0], np.zeros((count, states), np.intp)
    for index in range(1, count):
        ways = total[:, None] - step[index - 1]
        origin[index] = ways.argmax(axis=0)
        total = ways.max(axis=0) + gain[index]
    chosen = np.empty(count, np.intp)
    chosen[-1] = int(total.argmax())
    for index in range(count - 1, 0, -1):
        chosen[index - 1] = origin[index, chosen[index]]
    path = np.concatenate([f0, np.full((count, 1), np.nan, np.float32)], axis=1)
    return path[np.arange(count), chosen]
