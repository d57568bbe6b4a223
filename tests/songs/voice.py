"""A voice that sings: glottal pulses with vibrato and glides through the formants of vowels, and consonants before them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, tf2sos

from .instruments import hertz
from .values import Samples, Syllable

VOWELS = {
    "a": ((730, 90, 0), (1090, 110, -1), (2440, 170, -18), (3400, 250, -22), (4500, 300, -32)),
    "e": ((530, 70, 0), (1840, 100, -9), (2480, 170, -14), (3500, 250, -22), (4500, 300, -32)),
    "i": ((290, 60, 0), (2290, 100, -14), (3010, 170, -18), (3600, 250, -22), (4600, 300, -32)),
    "o": ((500, 70, 0), (900, 90, -5), (2410, 170, -24), (3300, 250, -26), (4400, 300, -34)),
    "u": ((320, 60, 0), (870, 90, -12), (2240, 170, -30), (3300, 250, -32), (4400, 300, -38)),
}
"""Vowel -> its formants of an average man (Peterson and Barney 1952): Hz, width in Hz, level in dB."""

CONSONANTS = {
    "": 0.0,
    "s": 0.09,
    "sh": 0.09,
    "f": 0.07,
    "t": 0.06,
    "k": 0.06,
    "p": 0.05,
    "m": 0.06,
    "n": 0.06,
    "l": 0.04,
    "w": 0.05,
    "d": 0.04,
    "h": 0.06,
}
"""Consonant -> how long it is at its syllable's start, seconds."""

HISS = {"s": (4500, 7900, 0.5), "sh": (2200, 6000, 0.5), "f": (1500, 7900, 0.15), "h": (800, 4000, 0.1)}
BURST = {"t": (3000, 7900, 0.5), "k": (1500, 4000, 0.5), "p": (500, 2500, 0.4), "d": (2500, 6000, 0.25)}
CLOSED = {"m": (0.3, "u"), "n": (0.3, "i"), "l": (0.5, "i"), "w": (0.5, "u"), "d": (0.15, "i")}
"""Voiced consonants: part of the vowel's loudness, and the vowel whose formants they begin from."""

GLIDE_SECONDS = 0.06
JOIN_SECONDS = 0.03


@lru_cache(maxsize=64)
def formants(vowel: str, scale: float, rate: int) -> tuple[NDArray, ...]:
    """Second-order resonators (one sos each), in parallel, with gain: their sum is the vowel."""
    made = []
    for frequency, width, level_db in VOWELS[vowel]:
        frequency = frequency * scale
        if frequency > 0.47 * rate:
            continue
        radius = np.exp(-np.pi * width * 1.2 / rate)
        angle = 2 * np.pi * frequency / rate
        a = [1.0, -2.0 * radius * np.cos(angle), radius * radius]
        peak = (1.0 - radius) * np.sqrt(1.0 - 2.0 * radius * np.cos(2 * angle) + radius * radius)
        sign = 1.0 if len(made) % 2 == 0 else -1.0
        # Parallel formants of alternating sign leave no hole between neighbours (Klatt 1980).
        made.append(tf2sos([sign * peak * 10 ** (level_db / 20.0), 0.0, 0.0], a))
    return tuple(made)


def _pitch(syllables: Sequence[Syllable], count: int, rate: int, random: np.random.Generator) -> NDArray:
    """Hertz at every sample: each note reached from the last, vibrato on those that are held, a little unsteadiness."""
    coarse = 200.0
    steps = int(count / rate * coarse) + 2
    time = np.arange(steps) / coarse
    midi = np.full(steps, float(syllables[0].midi))
    depth = np.zeros(steps)
    for each in syllables:
        first, last = int(each.start_seconds * coarse), int((each.start_seconds + each.seconds) * coarse) + 40
        since = time[first:last] - each.start_seconds
        midi[first:last] = each.midi + (each.from_midi - each.midi) * np.exp(-since / GLIDE_SECONDS)
        depth[first:last] = 0.35 * np.clip((since - 0.2) / 0.3, 0.0, 1.0)
    midi += depth * np.sin(2 * np.pi * random.uniform(4.8, 6.2) * time)
    wander = np.cumsum(random.standard_normal(steps)) * 0.01
    wander -= np.convolve(np.pad(wander, 100, "edge"), np.ones(201) / 201, "valid")
    return np.interp(np.arange(count) / rate, time, hertz(midi + wander))


def _glottal(pitch: NDArray, rate: int, random: np.random.Generator) -> NDArray:
    """The flow's derivative (Rosenberg's pulse: opens in 40 % of a period, closes in 16 %), with some breath."""
    phase = np.cumsum(pitch) / rate
    phase -= np.floor(phase)
    opens, closes = 0.4, 0.16
    opening = np.where(phase < opens, np.sin(np.pi * phase / opens) / opens, 0.0)
    closing = (phase >= opens) & (phase < opens + closes)
    flow = opening - np.where(closing, np.sin((phase - opens) * np.pi / 2 / closes) / closes, 0.0)
    return 0.25 * flow + 0.02 * random.standard_normal(len(phase))


def sing(syllables: Sequence[Syllable], seconds: float, rate: int, scale: float, random: np.random.Generator) -> Samples:
    """All syllables, (N,) float32 at `rate`; `scale` moves the formants: 1 for a man, 1.17 for a woman."""
    total = np.zeros(int(seconds * rate) + rate // 2, np.float32)
    if not syllables:
        return total[: int(seconds * rate)]
    source = _glottal(_pitch(syllables, len(total), rate, random), rate, random)
    join = int(JOIN_SECONDS * rate)
    for each in syllables:
        start, spoken = int(each.start_seconds * rate), CONSONANTS[each.consonant]
        first, last = start + int(spoken * rate), start + int(each.seconds * rate)
        _consonant(total, each, start, first, scale, rate, random)
        voiced_from = start if each.consonant in CLOSED else first
        a, b = max(0, voiced_from - join), min(len(total), last + join)
        if b - a <= 2 * join:
            continue
        opened = _vowel(source[a:b], each.vowel, scale, rate)
        loud = np.ones(b - a)
        if each.consonant in CLOSED:
            part, begins = CLOSED[each.consonant]
            closed = _vowel(source[a:b], begins, scale, rate)
            opening = np.clip((np.arange(b - a) - (first - a)) / join, 0.0, 1.0)
            opened = opened * opening + closed * (1.0 - opening)
            loud = part + (1.0 - part) * opening
        loud[: 2 * join] *= np.linspace(0.0, 1.0, 2 * join)
        loud[-2 * join :] *= np.linspace(1.0, 0.0, 2 * join)
        total[a:b] += (each.velocity * loud * opened).astype(np.float32)
    return total[: int(seconds * rate)]


def _vowel(source: NDArray, vowel: str, scale: float, rate: int) -> NDArray:
    sound = sum(sosfilt(section, source) for section in formants(vowel, scale, rate))
    return sound / (np.sqrt(np.mean(sound**2)) * 2.5 + 1e-9)


@lru_cache(maxsize=32)
def _band(low: float, high: float, rate: int) -> NDArray:
    return butter(2, [low, min(high, 0.49 * rate)], "bandpass", fs=rate, output="sos")


def _consonant(
    total: Samples, syllable: Syllable, start: int, first: int, scale: float, rate: int, random: np.random.Generator
) -> None:
    """Adds the noise of a consonant to `total`, which belongs to the caller and is meant to be filled."""
    kinds = {**HISS, **BURST}
    if syllable.consonant not in kinds or first <= start:
        return
    low, high, level = kinds[syllable.consonant]
    count = first - start + int(0.015 * rate)
    noise = sosfilt(_band(low * scale, high, rate), random.standard_normal(count))
    noise /= np.abs(noise).max() + 1e-9
    if syllable.consonant in HISS:
        shape = np.sin(np.pi * (np.arange(count) + 0.5) / count)
    else:
        silent = int(0.6 * count)
        shape = np.where(np.arange(count) < silent, 0.0, np.exp(-(np.arange(count) - silent) / (0.01 * rate)))
    last = min(len(total), start + count)
    total[start:last] += (syllable.velocity * level * noise * shape)[: last - start].astype(np.float32)
