"""Sounds with a known voice: a throat of pulses and formants that sings or talks, and strings that are plucked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HZ = 16_000

VOWELS = {"a": (800, 1200, 2900), "e": (450, 1900, 2600), "i": (300, 2300, 3000), "o": (480, 850, 2700), "u": (330, 700, 2500)}
"""First formants in Hz."""

Sound = NDArray[np.float32]


def throat(f0_hz: NDArray[np.float64], vowels: str, vowel_seconds: float) -> Sound:
    """A voice of pitch `f0_hz` (N,), one each sample, that goes from vowel to vowel; level about 0.1."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / HZ
    times = np.arange(len(f0_hz)) / HZ
    middles = (np.arange(len(vowels)) + 0.5) * vowel_seconds
    formants = np.stack([np.interp(times, middles, [VOWELS[each][k] for each in vowels]) for k in range(3)])
    out = np.zeros(len(f0_hz))
    for partial in range(1, 60):
        hz = partial * f0_hz
        gain = sum(1 / (1 + ((hz - formant) / width) ** 2) for formant, width in zip(formants, (80, 100, 140), strict=True))
        out += np.where(hz < 7000, gain / partial**0.5, 0) * np.sin(partial * phase)
    return (0.1 * out / np.sqrt(np.mean(out**2))).astype(np.float32)


def sung(seconds: float, seed: int = 0) -> Sound:
    """A song of half-second notes with scoops and vibrato."""
    rng = np.random.default_rng(seed)
    count = int(np.ceil(seconds / 0.5))
    notes = 12 * np.log2(220 / 55) + np.cumsum(rng.choice([-4, -2, 0, 2, 3, 5, -3], count)) * 0.6
    times = np.arange(int(seconds * HZ)) / HZ
    at = np.minimum((times / 0.5).astype(int), count - 1)
    within = times - at * 0.5
    semitones = notes[at] - 1.2 * np.exp(-within / 0.06) + 0.5 * np.sin(2 * np.pi * 5.5 * times) * np.clip(within / 0.15, 0, 1)
    level = np.clip(within / 0.04, 0, 1) * np.clip((0.5 - within) / 0.05, 0, 1)
    return (throat(55 * 2 ** (semitones / 12), "".join(rng.choice(list(VOWELS), count)), 0.5) * level).astype(np.float32)


def plucked(seconds: float, seed: int = 0) -> Sound:
    """Chords of decaying strings with steady pitches, one each half second, and a stroke of noise on each; level about 0.1."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * HZ) + HZ)
    for index in range(int(seconds / 0.5)):
        times = np.arange(HZ) / HZ
        for semitone in rng.choice([0, 3, 7, 10, 12, 15, 19], 3, replace=False):
            hz = 110 * 2 ** (semitone / 12)
            tone = sum(np.sin(2 * np.pi * k * hz * times) * np.exp(-times * (2 + 2 * k)) / k for k in range(1, 12))
            out[index * HZ // 2 : index * HZ // 2 + HZ] += tone
        out[index * HZ // 2 : index * HZ // 2 + 1600] += rng.standard_normal(1600) * np.exp(-np.arange(1600) / 200)
    out = out[: int(seconds * HZ)]
    return (0.1 * out / np.sqrt(np.mean(out**2))).astype(np.float32)
