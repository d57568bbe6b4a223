"""The key: which of 24 profiles of notes the song's notes are most like.

Profiles: Albrecht and Shanahan, "The use of large corpora to train a new type of key-finding algorithm" (Music Perception 31,
2013), and, with less weight, those of Krumhansl and Kessler (1982).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .song_analysis import PITCH_CLASSES, Key, Mode

_PROFILES: dict[Mode, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "major": (
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    ),
    "minor": (
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
}
_WEIGHTS = (0.75, 0.25)
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
        (tonic, mode): _likeness(notes, [np.roll(profile, tonic) for profile in profiles])
        for mode, profiles in _PROFILES.items()
        for tonic in range(12)
    }
    (tonic, mode), best = max(scores.items(), key=lambda each: each[1])
    if best < WEAKEST:
        return None
    second = max(score for name, score in scores.items() if name != (tonic, mode))
    return Key(PITCH_CLASSES[tonic], mode, round(float(np.clip((best - second) / 0.15, 0, 1)), 3))


def _likeness(notes: NDArray[np.float64], profiles: Sequence[NDArray[np.float64]]) -> float:
    return sum(w * float(np.corrcoef(each, notes)[0, 1]) for w, each in zip(_WEIGHTS, profiles, strict=True))
