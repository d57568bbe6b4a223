"""Which sections are the same material: each gets a letter."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .self_similarity import notes_similarity, sound_similarity
from .steps import Steps

SAME = 0.42
"""Likeness from which on two sections are taken for the same: chosen on songs of `tests/songs`, seeds 0 to 39."""

_NOTES, _VOICE = 0.6, 0.4
"""Weight of the notes one after the other; what it costs if one is sung and the other is not."""

Matrix = NDArray[np.float32]


def letters_of(steps: Steps, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """A letter for each span of steps `[first, end)`, "A" for the first that is heard; after "Z" comes "AA"."""
    if not spans:
        return ()
    likeness = likenesses(steps, spans)
    groups = [[index] for index in range(len(spans))]
    while len(groups) > 1:
        best, pair = max(
            (_between(likeness, one, other), (a, b)) for a, one in enumerate(groups) for b, other in enumerate(groups[:a])
        )
        if best < SAME:
            break
        groups[pair[1]] += groups.pop(pair[0])
    names: dict[int, str] = {}
    for group in sorted(groups, key=min):
        names |= dict.fromkeys(group, letter_of(len(set(names.values()))))
    return tuple(names[index] for index in range(len(spans)))


def likenesses(steps: Steps, spans: Sequence[tuple[int, int]]) -> Matrix:
    """(spans, spans), about 0 to 1: how alike spans are, by the notes one after the other and by the sound as a whole."""
    notes, sound = notes_similarity(steps), sound_similarity(steps)
    sung = [float(steps.voice[begin:end].mean()) for begin, end in spans]
    found = np.eye(len(spans), dtype=np.float32)
    for a, one in enumerate(spans):
        for b, other in enumerate(spans[:a]):
            as_a_whole = float(sound[one[0] : one[1], other[0] : other[1]].mean())
            alike = _NOTES * _along(notes, one, other) + (1.0 - _NOTES) * as_a_whole
            found[a, b] = found[b, a] = alike - _VOICE * abs(sung[a] - sung[b])
    return found


def _along(similarity: Matrix, one: tuple[int, int], other: tuple[int, int]) -> float:
    """The mean along the best diagonal: one span beside the other, shifted by up to a third of the shorter."""
    block = similarity[one[0] : one[1], other[0] : other[1]]
    shift = max(1, min(block.shape) // 3)
    least = 0.6 * min(block.shape)
    diagonals = (
        np.diagonal(block, offset)
        for offset in range(
            -shift - max(0, block.shape[0] - block.shape[1]), shift + max(0, block.shape[1] - block.shape[0]) + 1
        )
    )
    return max((float(line.mean()) for line in diagonals if len(line) >= least), default=0.0)


def _between(likeness: Matrix, one: Sequence[int], other: Sequence[int]) -> float:
    return float(likeness[np.ix_(one, other)].mean())


def letter_of(number: int) -> str:
    """ "A" for 0, "B" for 1 and so on; after "Z" comes "AA"."""
    letters = string.ascii_uppercase
    return letters[number] if number < len(letters) else letter_of(number // len(letters) - 1) + letters[number % len(letters)]
