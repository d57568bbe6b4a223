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
Sums = NDArray[np.float64]


def letters_of(steps: Steps, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """A letter for each span of steps `[first, end)`, "A" for the first that is heard; after "Z" comes "AA"."""
    if not spans:
        return ()
    groups = _groups(likenesses(steps, spans))
    names: dict[int, str] = {}
    for group in sorted(groups, key=min):
        names |= dict.fromkeys(group, letter_of(len(set(names.values()))))
    return tuple(names[index] for index in range(len(spans)))


def likenesses(steps: Steps, spans: Sequence[tuple[int, int]]) -> Matrix:
    """(spans, spans), about 0 to 1: how alike spans are, by the notes one after the other and by the sound as a whole."""
    along, sound = _diagonal_sums(notes_similarity(steps)), _corner_sums(sound_similarity(steps))
    sung = [float(steps.voice[begin:end].mean()) for begin, end in spans]
    found = np.eye(len(spans), dtype=np.float32)
    for a, one in enumerate(spans):
        for b, other in enumerate(spans[:a]):
            alike = _NOTES * _along(along, one, other) + (1.0 - _NOTES) * _as_a_whole(sound, one, other)
            found[a, b] = found[b, a] = alike - _VOICE * abs(sung[a] - sung[b])
    return found


def _diagonal_sums(similarity: Matrix) -> Sums:
    """(N + 1, N + 1): at [i, j] the sum of what lies on the same diagonal above and left of it."""
    sums = np.zeros((len(similarity) + 1, len(similarity) + 1))
    for row, values in enumerate(similarity):
        sums[row + 1, 1:] = sums[row, :-1] + values
    return sums


def _corner_sums(similarity: Matrix) -> Sums:
    """(N + 1, N + 1): at [i, j] the sum of all that lies above and left of it."""
    return np.pad(np.cumsum(np.cumsum(similarity, axis=0, dtype=np.float64), axis=1), ((1, 0), (1, 0)))


def _along(sums: Sums, one: tuple[int, int], other: tuple[int, int]) -> float:
    """The mean along the best diagonal: one span beside the other, shifted by up to a third of the shorter."""
    rows, columns = one[1] - one[0], other[1] - other[0]
    shortest = min(rows, columns)
    shift = max(1, shortest // 3)
    offsets = np.arange(-shift - max(0, rows - columns), shift + max(0, columns - rows) + 1)
    down, right = np.maximum(-offsets, 0), np.maximum(offsets, 0)
    lengths = np.minimum(rows - down, columns - right)
    is_long = (lengths >= 0.6 * shortest) & (lengths > 0)
    first, second, lengths = one[0] + down[is_long], other[0] + right[is_long], lengths[is_long]
    means = (sums[first + lengths, second + lengths] - sums[first, second]) / lengths
    return max(0.0, float(means.max())) if len(means) else 0.0


def _as_a_whole(sums: Sums, one: tuple[int, int], other: tuple[int, int]) -> float:
    (a, b), (c, d) = one, other
    return float(sums[b, d] - sums[a, d] - sums[b, c] + sums[a, c]) / ((b - a) * (d - c))


def _groups(likeness: Matrix) -> list[list[int]]:
    """Spans that are alike on average: pair after pair of groups is joined, the most alike first."""
    from scipy.cluster.hierarchy import fcluster, linkage

    count = len(likeness)
    if count < 2:
        return [[0]]
    distances = (1.0 - likeness)[np.triu_indices(count, 1)]
    numbers = fcluster(linkage(np.maximum(distances, 0.0), "average"), 1.0 - SAME, "distance")
    return [np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers)]


def letter_of(number: int) -> str:
    """ "A" for 0, "B" for 1 and so on; after "Z" comes "AA"."""
    letters = string.ascii_uppercase
    return letters[number] if number < len(letters) else letter_of(number // len(letters) - 1) + letters[number % len(letters)]
