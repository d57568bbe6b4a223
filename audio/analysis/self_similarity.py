"""How alike any two moments of a song are, and where the song becomes another: by novelty and by repetition.

Novelty: Foote, "Automatic audio segmentation using a measure of audio novelty" (ICME 2000). Repetition: Serrà, Müller, Grosche
and Arcos, "Unsupervised music structure annotation by time series structure features and segment similarity" (IEEE
Transactions on Multimedia 16, 2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .steps import Steps

_MEMORY_SECONDS = 3.0
"""Moments are alike if what leads to them is: single chords come again everywhere."""

_NEIGHBOURS = 0.04
_BLUR_SECONDS = 9.0
_SIDE_SECONDS = 10.0

_PHRASE_SECONDS = 6.0
"""A voice that rests between phrases is there all the same."""

_RISE_AND_FALL, _VOICE = 1.25, 0.5
"""Weights beside timbre and level: chosen on songs of `tests/songs`, seeds 0 to 39."""

# What never changes by more than this is the same throughout: noise, a tone.
_LEAST_SPREAD_DB = 2.0
_LEAST_RISE_DB = 1.0
_FAR = 1.0
_LEAST_NOTES = 0.35

Matrix = NDArray[np.float32]
Curve = NDArray[np.float64]


def notes_similarity(steps: Steps) -> Matrix:
    """(steps, steps), -1 to 1: how alike the notes are that lead to each two steps."""
    return _cosines(_with_memory(steps.notes, steps))


def sound_similarity(steps: Steps) -> Matrix:
    """(steps, steps), 0 to 1: how alike the sound of each two steps is: timbre, level, rise and fall, voice."""
    if len(steps) < 4:
        return np.ones((len(steps), len(steps)), np.float32)
    groups = steps.rise_and_fall_db.shape[1]
    columns = np.column_stack(
        [
            _spread(steps.timbre) / steps.timbre.shape[1] ** 0.5,
            _spread(steps.level_db[:, None]),
            _RISE_AND_FALL * _spread(steps.rise_and_fall_db, _LEAST_RISE_DB) / groups**0.5,
            _VOICE * _smooth(steps.voice[:, None], _PHRASE_SECONDS / steps.seconds),
        ]
    )
    # The frames at the song's ends are half silence: of the song only their neighbours tell.
    columns[0], columns[-1] = columns[1], columns[-2]
    distance = _distances(_smooth(columns, 2.0 / steps.seconds))
    return np.exp(-distance / max(float(np.median(distance)), _FAR)).astype(np.float32)


def novelty(similarity: Matrix, step_seconds: float) -> Curve:
    """How much the song becomes another at each step's begin, (steps,), 0 to about 1.

    How much more alike the steps before it are to one another, and those behind it, than the ones to the others; near the
    song's ends of those that there are.
    """
    side = int(np.clip(_SIDE_SECONDS / step_seconds, 2, max(2, len(similarity) // 4)))
    offsets = np.arange(-side, side) + 0.5
    taper = np.exp(-0.5 * (offsets / (0.5 * side)) ** 2)
    weights = np.outer(taper, taper)
    is_same_side = np.outer(offsets, offsets) > 0
    found = np.zeros(len(similarity))
    for at in range(1, len(similarity)):
        there = slice(max(0, side - at), min(2 * side, len(similarity) + side - at))
        steps = slice(max(0, at - side), at + side)
        block, weight, same = similarity[steps, steps], weights[there, there], is_same_side[there, there]
        within, across = weight * same, weight * ~same
        found[at] = (block * within).sum() / within.sum() - (block * across).sum() / across.sum()
    return np.maximum(found, 0)


def repetition_novelty(similarity: Matrix, step_seconds: float) -> Curve:
    """How much the set of moments that come again changes at each step's begin, (steps,), 0 to 1."""
    from scipy import ndimage

    count = len(similarity)
    if count < 8:
        return np.zeros(count)
    neighbours = max(2, round(_NEIGHBOURS * count))
    threshold = np.partition(similarity, count - neighbours, axis=1)[:, count - neighbours]
    is_alike = (similarity >= threshold[:, None]) & (similarity >= threshold[None, :])
    # Row i holds the steps that are like step i by how far away they are: what is repeated is a horizontal line.
    lags = np.stack([np.roll(row, -index) for index, row in enumerate(is_alike)]).astype(np.float32)
    lags[:, 0] = 0
    blurred = ndimage.gaussian_filter(lags, (_BLUR_SECONDS / step_seconds / 3, 1.0), mode=("nearest", "wrap"))
    change = np.zeros(count)
    change[1:] = np.linalg.norm(np.diff(blurred, axis=0), axis=1)
    highest = change.max()
    return change / highest if highest > 0 else change


def _with_memory(rows: Matrix, steps: Steps) -> Matrix:
    memory = max(1, round(_MEMORY_SECONDS / steps.seconds))
    padded = np.concatenate([np.repeat(rows[:1], memory - 1, axis=0), rows])
    return np.concatenate([padded[back : back + len(rows)] for back in range(memory)], axis=1)


def _cosines(rows: Matrix) -> Matrix:
    centred = rows - rows.mean(axis=0)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), _LEAST_NOTES * np.maximum(length, 1e-9))
    return centred @ centred.T


def _distances(rows: Matrix) -> Matrix:
    squares = (rows**2).sum(axis=1)
    return np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * rows @ rows.T, 0)).astype(np.float32)


def _spread(rows: Matrix, least_db: float = _LEAST_SPREAD_DB) -> Matrix:
    spread = rows.std(axis=0)
    return (rows - rows.mean(axis=0)) / np.maximum(spread, least_db)


def _smooth(rows: Matrix, width: float) -> Matrix:
    from scipy import ndimage

    smoothed: Matrix = ndimage.gaussian_filter1d(rows, max(0.3, width / 3), axis=0, mode="nearest")
    return smoothed
