"""Where one section ends and the next begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .self_similarity import notes_similarity, repetition_novelty, sound_novelty, sound_similarity
from .song_analysis import Beats
from .steps import Steps

SHORTEST_SECONDS = 5.0
"""A section is at least that long: an intro of two bars."""

_THRESHOLD = 0.3
"""Part of the strongest change that a change must have to begin a section."""

_NO_CHANGE = 0.35
"""Novelty of the sound (of 0 to about 1) below which, as in noise or a held tone, there is one section."""

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
    found = _peaks(change, steps, beats)
    return (0.0, *found)


def change_of(steps: Steps) -> Curve:
    """How much the song becomes another at each step's begin, (steps,), about 0 to 1; 0 throughout if it never does."""
    notes, sound = notes_similarity(steps), sound_similarity(steps)
    of_sound, of_notes = sound_novelty(sound, steps.seconds), sound_novelty(notes, steps.seconds)
    if max(of_sound.max(), of_notes.max()) < _NO_CHANGE:
        return np.zeros(len(steps))
    again = repetition_novelty(notes, steps.seconds)
    return _scaled(_scaled(of_sound) + 0.5 * _scaled(of_notes) + 0.7 * _scaled(again))


def _scaled(values: Curve) -> Curve:
    high = float(np.percentile(values, 99)) if len(values) else 0.0
    return np.minimum(values / high, 1.5) if high > 1e-9 else np.zeros_like(values)


def _peaks(change: Curve, steps: Steps, beats: Beats | None) -> tuple[float, ...]:
    from scipy import ndimage

    duration = float(steps.edges_seconds[-1])
    reach = max(1, round(SHORTEST_SECONDS / steps.seconds / 2))
    smooth = ndimage.gaussian_filter1d(change, max(0.5, 0.8 / steps.seconds))
    is_peak = smooth == ndimage.maximum_filter1d(smooth, 2 * reach + 1)
    is_peak &= smooth > max(_THRESHOLD * float(smooth.max()), 1e-6)
    candidates = sorted(np.flatnonzero(is_peak), key=lambda step: -smooth[step])
    bars = np.array(beats.downbeats) if beats else np.empty(0)
    kept: list[float] = []
    for step in candidates:
        seconds = _on_a_bar(float(steps.edges_seconds[step]), bars)
        if all(abs(seconds - other) >= SHORTEST_SECONDS for other in (0.0, duration, *kept)):
            kept.append(seconds)
    return tuple(sorted(kept))


def _on_a_bar(seconds: float, bars: NDArray[np.float64]) -> float:
    if len(bars) < 2:
        return seconds
    nearest = float(bars[np.abs(bars - seconds).argmin()])
    return nearest if abs(nearest - seconds) <= 0.75 * float(np.median(np.diff(bars))) else seconds
