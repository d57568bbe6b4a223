"""The tempo: the period at which onsets come again, and in which the flux has a strong component.

Autocorrelation is high at the period and its multiples, the spectrum of the flux at the tempo and its multiples; only at the
tempo itself both are (Peeters, "Template-based estimation of time-varying tempo", EURASIP 2007). Between octaves, which a
listener may well hear both ways, a log-normal preference decides, as in Ellis, "Beat tracking by dynamic programming" (2007).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .onsets import FRAMES_PER_SECOND
from .song_analysis import Tempo

LOWEST_BPM, HIGHEST_BPM = 40.0, 240.0
PREFERRED_BPM = 112.0
_PREFERENCE_OCTAVES = 0.6
SHORTEST_SECONDS = 4.0
WEAKEST = 0.1
"""Mean autocorrelation at the beat's multiples, relative to that at 0, below which there is no beat. Speech reaches 0.097."""

_CLEAREST = 0.6

_STEPS_PER_OCTAVE = 240
_MULTIPLES = 4
_STRETCH_SECONDS = 10.0

Curve = NDArray[np.float64]


def tempo_of(flux: NDArray[np.float32]) -> Tempo | None:
    """The tempo of a flux (frames,) at 100 Hz; None if it is shorter than 4 s or has no beat."""
    seconds = len(flux) / FRAMES_PER_SECOND
    if seconds < SHORTEST_SECONDS:
        return None
    curve = beat_curve(flux)
    if not curve.any():
        return None
    bpm = LOWEST_BPM * 2 ** np.arange(0, np.log2(HIGHEST_BPM / LOWEST_BPM), 1 / _STEPS_PER_OCTAVE)
    lags = 60 * FRAMES_PER_SECOND / bpm
    again = _autocorrelation(curve, int(lags[0] * (_MULTIPLES + 4)) + 2)
    comb = sum(_at(again, lags * k) / k**0.5 for k in range(1, _MULTIPLES + 1)) / sum(k**-0.5 for k in range(1, _MULTIPLES + 1))
    spectrum = _spectrum(curve, bpm / 60)
    preference = np.exp(-0.5 * (np.log2(bpm / PREFERRED_BPM) / _PREFERENCE_OCTAVES) ** 2)
    # Half a beat, at which nothing comes again, must not win by its multiples; swing hardly loses by so small a power.
    score = np.maximum(comb, 0) * np.maximum(_at(again, lags), 0) ** 0.25 * np.sqrt(spectrum) * preference
    best = int(score.argmax())
    if score[best] <= 0 or comb[best] < WEAKEST:
        return None
    other = _other(bpm, score, best)
    return Tempo(
        bpm=_refined(again, float(bpm[best])),
        confidence=round(float(np.clip(comb[best] / _CLEAREST, 0, 1)), 3),
        other_bpm=_refined(again, float(bpm[other])),
    )


def beat_curve(flux: NDArray[np.float32]) -> Curve:
    """The flux without what is the same for a second, and no moment so strong that it hides the others."""
    from scipy import ndimage

    curve = np.sqrt(ndimage.gaussian_filter1d(flux.astype(np.float64), 1.5))
    curve = np.maximum(curve - ndimage.uniform_filter1d(curve, FRAMES_PER_SECOND), 0)
    spread = float(curve.std())
    return np.minimum(curve / spread, 6.0) if spread > 1e-9 else np.zeros_like(curve)


def _autocorrelation(curve: Curve, lags: int) -> Curve:
    """At lags 0 to `lags`, 1 at 0, of what differs from the mean."""
    from scipy import fft

    centred = curve - curve.mean()
    size = fft.next_fast_len(len(centred) + lags + 1, real=True)
    power = np.abs(fft.rfft(centred, size)) ** 2
    found = fft.irfft(power, size)[: lags + 1]
    # Fewer moments overlap at a long lag.
    found *= len(centred) / np.maximum(len(centred) - np.arange(lags + 1), 1)
    return found / found[0]


def _at(curve: Curve, places: Curve) -> Curve:
    return np.interp(places, np.arange(len(curve)), curve)


def _spectrum(curve: Curve, hz: Curve) -> Curve:
    """Magnitude at each frequency, meant over stretches of 10 s so that a tempo may drift; the highest is 1."""
    length = min(len(curve), int(_STRETCH_SECONDS * FRAMES_PER_SECOND))
    times = np.arange(length) / FRAMES_PER_SECOND
    waves = np.exp(-2j * np.pi * hz[:, None] * times) * np.hanning(length)
    begins = range(0, max(1, len(curve) - length + 1), max(1, length // 2))
    stretches = np.stack([curve[begin : begin + length] - curve[begin : begin + length].mean() for begin in begins])
    magnitude = np.abs(stretches @ waves.T).mean(axis=0)
    highest = magnitude.max()
    return magnitude / highest if highest > 0 else magnitude


def _refined(again: Curve, bpm: float) -> float:
    """The tempo by the highest place of the autocorrelation near its multiples, the longest of which tells it best."""
    lag = 60 * FRAMES_PER_SECOND / bpm
    for multiple in (1, 2, 4, 8):
        middle, reach = lag * multiple, max(1.5, 0.03 * lag)
        places = np.arange(int(middle - reach), int(middle + reach) + 2)
        places = places[(places > 0) & (places < len(again) - 1)]
        if not len(places):
            break
        top = int(places[again[places].argmax()])
        if again[top] < 0.3 * again[max(1, round(lag))]:
            break
        left, here, right = again[top - 1 : top + 2]
        bend = left - 2 * here + right
        lag = (top + (0.5 * (left - right) / bend if bend < 0 else 0.0)) / multiple
    return round(float(60 * FRAMES_PER_SECOND / lag), 2)


def _other(bpm: Curve, score: Curve, best: int) -> int:
    """The next most likely tempo that is another one: half, double, or two to three."""
    is_other = np.abs(np.log2(bpm / bpm[best])) > 0.2
    return int(np.where(is_other, score, -1.0).argmax())
