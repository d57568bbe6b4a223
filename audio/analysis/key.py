"""The key: which of 24 profiles of notes the song's notes are most like.

Profiles: Krumhansl and Kessler (1982), as in Krumhansl, "Cognitive Foundations of Musical Pitch" (1990), and those of
Temperley, "What's key for key?" (1999); both are asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .song_analysis import PITCH_CLASSES, Key, Mode

_PROFILES: dict[Mode, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "major": (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
    ),
    "minor": (
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
        (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
    ),
}
WEAKEST = 0.35
"""Correlation of the best key below which nothing is tonal: noise, drums, talk."""


def key_of(chroma: NDArray[np.float32]) -> Key | None:
    """The key of a chroma (frames, 12), C first; None if no key stands out."""
    loudness = chroma.sum(axis=1)
    if not len(chroma) or not loudness.max() > 0:
        return None
    # Each moment counts about alike: a loud chorus does not decide alone.
    notes = (chroma / np.sqrt(np.maximum(loudness, 0.05 * loudness.max()))[:, None]).sum(axis=0, dtype=np.float64)
    if notes.std() < 1e-6 * notes.mean():
        return None
    scores = {
        (tonic, mode): float(np.mean([np.corrcoef(np.roll(profile, tonic), notes)[0, 1] for profile in profiles]))
        for mode, profiles in _PROFILES.items()
        for tonic in range(12)
    }
    (tonic, mode), best = max(scores.items(), key=lambda each: each[1])
    if best < WEAKEST:
        return None
    second = max(score for name, score in scores.items() if name != (tonic, mode))
    return Key(PITCH_CLASSES[tonic], mode, round(float(np.clip((best - second) / 0.15, 0, 1)), 3))
