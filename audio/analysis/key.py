"""The key: which of 24 profiles of notes the song's notes are most like.

Profiles: Albrecht and Shanahan, "The use of large corpora to train a new type of key-finding algorithm" (Music Perception 31,
2013), and, with less weight, those of Krumhansl and Kessler (1982). A minor key and its relative major have the same notes:
which chord is heard most, first and last tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .chroma import CHROMA_HZ
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
_OFTEN, _FIRST, _LAST = 0.4, 0.08, 0.04
"""Gains of a key by its chord: by the part of the song in which it is heard, if it is the first, the last."""

_CHORD_SECONDS = 0.5
_FIRST_SECONDS, _LAST_SECONDS = 1.5, 2.0
SHORTEST_SECONDS = 2.0
WEAKEST = 0.09
"""Correlation of the best key, times how uneven the notes are, below which nothing is tonal: noise, talk, most drums.

Measured: noise and talk 0.04, kits of drums 0.05 to 0.11, produced music from 0.095, songs of few instruments from 0.25.
"""

_FEWEST = 1.6
"""Standard deviation of the notes relative to their mean above which only one chord or less sounds."""


def key_of(chroma: NDArray[np.float32]) -> Key | None:
    """The key of a chroma (frames, 12), C first; None if it is shorter than 2 s or no key stands out."""
    loudness = chroma.sum(axis=1)
    if len(chroma) < SHORTEST_SECONDS * CHROMA_HZ or not loudness.max() > 0:
        return None
    # Each moment counts about alike: a loud chorus does not decide alone.
    notes = (chroma / np.sqrt(np.maximum(loudness, 0.05 * loudness.max()))[:, None]).sum(axis=0, dtype=np.float64)
    unevenness = float(notes.std() / notes.mean())
    if unevenness < 1e-6 or unevenness > _FEWEST:
        return None
    alike = {
        (tonic, mode): _likeness(notes, [np.roll(profile, tonic) for profile in profiles])
        for mode, profiles in _PROFILES.items()
        for tonic in range(12)
    }
    if max(alike.values()) * unevenness < WEAKEST:
        return None
    chords = _chords(chroma, loudness)
    scores = {(tonic, mode): alike[tonic, mode] + chords[mode][tonic] for tonic, mode in alike}
    (tonic, mode), best = max(scores.items(), key=lambda each: each[1])
    second = max(score for name, score in scores.items() if name != (tonic, mode))
    return Key(PITCH_CLASSES[tonic], mode, round(float(np.clip((best - second) / 0.15, 0, 1)), 3))


def _likeness(notes: NDArray[np.float64], profiles: Sequence[NDArray[np.float64]]) -> float:
    return sum(w * float(np.corrcoef(each, notes)[0, 1]) for w, each in zip(_WEIGHTS, profiles, strict=True))


def _chords(chroma: NDArray[np.float32], loudness: NDArray[np.float32]) -> dict[Mode, NDArray[np.float64]]:
    """How much speaks for each triad, by the note that it stands on, to be the one that the song is at home in."""
    from scipy import ndimage

    step = int(_CHORD_SECONDS * CHROMA_HZ)
    smooth = ndimage.gaussian_filter1d(chroma, 0.8 * step, axis=0, mode="nearest")[::step]
    often = np.bincount(_triads(smooth[smooth.sum(axis=1) > 0.1 * smooth.sum(axis=1).max()]), minlength=24)
    sounding = np.flatnonzero(loudness > 0.25 * np.median(loudness[loudness > 0]))
    begin, end = sounding[0], sounding[-1] + 1
    first, last = begin + int(_FIRST_SECONDS * CHROMA_HZ), max(0, end - int(_LAST_SECONDS * CHROMA_HZ))
    found = _OFTEN * often / max(1, often.sum())
    found[_triads(chroma[begin:first].sum(axis=0, keepdims=True))] += _FIRST
    found[_triads(chroma[last:end].sum(axis=0, keepdims=True))] += _LAST
    return {"major": found[:12], "minor": found[12:]}


def _triads(notes: NDArray[np.float32]) -> NDArray[np.int64]:
    """The triad of each row (k, 12): 0 to 11 major, 12 to 23 minor."""
    templates = np.zeros((24, 12))
    for index in range(24):
        third = 4 if index < 12 else 3
        templates[index, [index % 12, (index + third) % 12, (index + 7) % 12]] = (1.2, 1.0, 1.0)
    return np.asarray((notes @ templates.T).argmax(axis=1))
