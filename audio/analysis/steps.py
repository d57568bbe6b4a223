"""A song in steps of a beat or two, each as a few numbers: what sections are told apart by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .chroma import CHROMA_HZ
from .onsets import BANDS_HZ
from .song_analysis import Beats, Voice

MOST_STEPS = 1500
"""The self-similarity matrix grows with their square."""

_STEP_SECONDS = 0.5
_COEFFICIENTS = 12
_BAND_GROUPS = 5

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Steps:
    """The song in steps.

    Attributes:
        edges_seconds: (steps + 1,), rising, from 0 to the song's end.
        notes: (steps, 12), how much each note sounds, of length 1; all 0 in silence.
        timbre: (steps, 12), shape of the spectrum, and
        level_db: (steps,), its mean.
        rise_and_fall_db: (steps, 5), by how much low to high bands go up and down within the step: what drums do, and how
            chords are played.
        voice: (steps,), part of the step in which somebody sings or speaks, 0 to 1.
    """

    edges_seconds: NDArray[np.float64]
    notes: Rows
    timbre: Rows
    level_db: Rows
    rise_and_fall_db: Rows
    voice: Rows

    def __len__(self) -> int:
        return len(self.notes)

    @property
    def seconds(self) -> float:
        """Mean length of a step."""
        return float(self.edges_seconds[-1] / max(1, len(self)))


def steps_of(duration_seconds: float, chroma: Rows, bands_db: Rows, beats: Beats | None, voice: Voice) -> Steps:
    """The steps of a song: its beats if it has some, else half seconds; so many to a step that there are `MOST_STEPS` at most.

    Args:
        duration_seconds: Length of the song.
        chroma: (frames, 12) at `CHROMA_HZ`.
        bands_db: (frames, bands) at `BANDS_HZ`.
        beats: Of the song.
        voice: Of the song.
    """
    from scipy import fft

    edges = _edges(duration_seconds, beats)
    notes = _means(chroma, edges * CHROMA_HZ)
    levels = _means(bands_db, edges * BANDS_HZ)
    length = np.linalg.norm(notes, axis=1, keepdims=True)
    heard = length > 1e-3 * max(float(length.max(initial=0)), 1e-9)
    timbre = fft.dct(levels, norm="ortho", axis=1)[:, 1 : _COEFFICIENTS + 1]
    return Steps(
        edges_seconds=edges,
        notes=np.where(heard, notes / np.maximum(length, 1e-9), 0).astype(np.float32),
        timbre=timbre.astype(np.float32),
        level_db=levels.mean(axis=1).astype(np.float32),
        rise_and_fall_db=_rise_and_fall(bands_db, levels, edges),
        voice=_voiced(edges, voice),
    )


def _edges(duration: float, beats: Beats | None) -> NDArray[np.float64]:
    if beats is None:
        count = int(np.clip(duration / _STEP_SECONDS, 1, MOST_STEPS))
        return np.linspace(0, duration, count + 1)
    inside = np.array([each for each in beats.seconds if 0.05 < each < duration - 0.05])
    period = float(np.median(np.diff(inside))) if len(inside) > 1 else _STEP_SECONDS
    # Before the first beat and behind the last there are steps of the same length.
    front = inside[0] - period * np.arange(int(inside[0] / period), 0, -1) if len(inside) else np.empty(0)
    back = inside[-1] + period * np.arange(1, int((duration - inside[-1]) / period) + 1) if len(inside) else np.empty(0)
    edges = np.concatenate([front, inside, back])
    edges = edges[(edges > 0.05) & (edges < duration - 0.05)]
    together = max(1, -(-len(edges) // MOST_STEPS))
    first = beats.bars[0] % together if beats.bars else 0
    return np.concatenate([[0.0], edges[first::together], [duration]])


def _voiced(edges: NDArray[np.float64], voice: Voice) -> Rows:
    """Part of each step in which somebody sings or speaks."""
    heard = [each for each in voice.stretches if each.kind != "crowd"]
    if not heard:
        return np.zeros(len(edges) - 1, np.float32)
    times = np.array([[each.start_seconds, each.end_seconds] for each in heard])
    covered = np.cumsum(np.column_stack([np.zeros(len(times)), times[:, 1] - times[:, 0]]).ravel())
    return (np.diff(np.interp(edges, times.ravel(), covered)) / np.maximum(np.diff(edges), 1e-9)).astype(np.float32)


def _rise_and_fall(bands_db: Rows, levels: NDArray[np.float64], edges: NDArray[np.float64]) -> Rows:
    squares = _means(bands_db.astype(np.float64) ** 2, edges * BANDS_HZ)
    deviation = np.sqrt(np.maximum(squares - levels**2, 0.0))
    groups = np.array_split(deviation, _BAND_GROUPS, axis=1)
    return np.stack([group.mean(axis=1) for group in groups], axis=1).astype(np.float32)


def _means(rows: NDArray[np.floating], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the rows between each two places."""
    places = np.clip(places, 0, len(rows))
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0, dtype=np.float64)])
    lower = np.minimum(places.astype(int), len(rows) - 1)
    part = (places - lower)[:, None]
    at = sums[lower] * (1 - part) + sums[lower + 1] * part
    return np.diff(at, axis=0) / np.maximum(np.diff(places), 1e-9)[:, None]
