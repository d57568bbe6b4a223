"""Where one section ends and the next begins: the best way to cut the song at its bars.

Of all ways the one is taken in which the song changes most where it is cut, and in which sections are of usual lengths: songs
are built of four bars and their multiples (Sargent, Bimbot and Vincent, "Estimating the structural segmentation of popular
music pieces under regularity constraints", IEEE/ACM TASLP 25, 2017).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .self_similarity import notes_similarity, novelty, repetition_novelty, sound_similarity
from .song_analysis import Beats
from .steps import Steps

SHORTEST_SECONDS = 4.5
"""A section is at least that long: an intro of two bars."""

_SHORTEST_WITHOUT_BEAT_SECONDS = 8.0
"""Of talk and of sounds without a beat there are no bars to hold on to."""

_SHORTEST_STEPS = 3
"""Of hours of song, a step is several seconds long."""

_THRESHOLD = 0.38
"""Change that a cut must bring, of the strongest of the song."""

_ODD_LENGTH, _UNEVEN_LENGTH = 0.1, 0.05
"""Cost of a section that is an odd number of bars long, or one that four does not divide."""

_LONG_SECONDS = 30.0
_NOTES, _REPETITION = 0.15, 0.15
"""Weights beside the change of the sound."""

_NO_CHANGE = 0.2
"""Novelty below which, as in noise or a held tone, there is one section."""

_END_SECONDS = 3.0
"""Next to the song's ends the change is measured on too little to be a scale for the rest."""

Curve = NDArray[np.float64]


def boundaries_of(steps: Steps, beats: Beats | None) -> tuple[float, ...]:
    """Seconds at which sections begin, rising; the first is 0.

    Args:
        steps: Of the song.
        beats: Of the song: a section begins with a bar.
    """
    if len(steps) < 8:
        return (0.0,)
    change = change_of(steps)
    if not change.any():
        return (0.0,)
    return (0.0, *_best_cuts(change, steps, beats))


def change_of(steps: Steps) -> Curve:
    """How much the song becomes another at each step's begin, (steps,), about 0 to 1; 0 throughout if it never does."""
    notes, sound = notes_similarity(steps), sound_similarity(steps)
    of_sound, of_notes = novelty(sound, steps.seconds), novelty(notes, steps.seconds)
    if max(of_sound.max(), of_notes.max()) < _NO_CHANGE:
        return np.zeros(len(steps))
    again = repetition_novelty(notes, steps.seconds)
    total = _scaled(of_sound, steps) + _NOTES * _scaled(of_notes, steps) + _REPETITION * _scaled(again, steps)
    return total / (1.0 + _NOTES + _REPETITION)


def _scaled(values: Curve, steps: Steps) -> Curve:
    end = max(1, round(_END_SECONDS / steps.seconds))
    inner = values[end:-end] if len(values) > 2 * end + 4 else values
    high = max(float(np.percentile(inner, 98)), _NO_CHANGE)
    return np.minimum(values / high, 1.5)


def _best_cuts(change: Curve, steps: Steps, beats: Beats | None) -> tuple[float, ...]:
    """Seconds of the cuts, by dynamic programming over all places where one may be."""
    duration = float(steps.edges_seconds[-1])
    bars = np.array(beats.downbeats) if beats else np.empty(0)
    bar = float(np.median(np.diff(bars))) if len(bars) > 2 else None
    places = bars if bar else steps.edges_seconds
    shortest = max(SHORTEST_SECONDS if bar else _SHORTEST_WITHOUT_BEAT_SECONDS, _SHORTEST_STEPS * steps.seconds)
    places = places[(places > shortest) & (places < duration - shortest)]
    nearest = np.abs(steps.edges_seconds[None, :-1] - places[:, None]).argmin(axis=1)
    first = float(beats.seconds[0]) if beats and beats.seconds[0] < SHORTEST_SECONDS else 0.0
    times = np.concatenate([[first], places, [duration]])
    gains = np.concatenate([[0.0], change[nearest] - _THRESHOLD, [0.0]])
    best, before = np.full(len(times), -np.inf), np.zeros(len(times), int)
    best[0] = 0.0
    for at in range(1, len(times)):
        lengths = times[at] - times[:at]
        costs = np.maximum(lengths - _LONG_SECONDS, 0.0) / _LONG_SECONDS * _ODD_LENGTH
        if at < len(times) - 1:
            costs = costs + _length_costs(lengths, bar)
        ways = np.where(lengths >= shortest, best[:at] - costs, -np.inf)
        ways[0] = max(ways[0], -costs[0]) if at == len(times) - 1 else ways[0]
        before[at] = int(ways.argmax())
        best[at] = ways[before[at]] + gains[at]
    cuts, at = [], int(before[-1])
    while at > 0:
        cuts.append(float(times[at]))
        at = int(before[at])
    return tuple(reversed(cuts))


def _length_costs(lengths: Curve, bar_seconds: float | None) -> Curve:
    if bar_seconds is None:
        return np.zeros_like(lengths)
    count = np.round(lengths / bar_seconds)
    return np.where(count % 4 == 0, 0.0, np.where(count % 2 == 0, _UNEVEN_LENGTH, _ODD_LENGTH))
