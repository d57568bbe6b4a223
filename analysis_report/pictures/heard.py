"""A song as the pictures need it: outline, bands, notes and self-similarity, in the memory of a few numbers for each moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...audio.analysis.chroma import ChromaListener
from ...audio.analysis.framing import LISTENING_HZ, Samples
from ...audio.analysis.onsets import OnsetListener
from ...audio.analysis.self_similarity import notes_similarity, sound_similarity
from ...audio.analysis.song_analysis import SongAnalysis
from ...audio.analysis.steps import steps_of

OUTLINE_COLUMNS = 2400
"""Columns of the outline, more than a picture has points."""

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HeardForPictures:
    """A song as the pictures need it.

    Attributes:
        lowest: (columns,), the lowest sample of each column.
        highest: (columns,), the highest.
        bands_db: (frames, bands) on the mel scale.
        chroma: (frames, 12), C first.
        edges_seconds: (steps + 1,), edges of the steps that are compared.
        sound: (steps, steps), 0 to 1, likeness of sound.
        notes: (steps, steps), -1 to 1, likeness of notes.
    """

    lowest: Rows
    highest: Rows
    bands_db: Rows
    chroma: Rows
    edges_seconds: NDArray[np.float64]
    sound: Rows
    notes: Rows


class PictureListener:
    """Hears samples in pieces.

    Args:
        duration_seconds: About how long the song is.
    """

    def __init__(self, duration_seconds: float) -> None:
        self._width = max(1, round(duration_seconds * LISTENING_HZ / OUTLINE_COLUMNS))
        self._kept: Samples = np.empty(0, np.float32)
        self._lowest: list[Rows] = []
        self._highest: list[Rows] = []
        self._bands, self._chroma = OnsetListener(), ChromaListener()

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._bands.add(samples)
        self._chroma.add(samples)
        kept = np.concatenate([self._kept, samples])
        whole = len(kept) // self._width * self._width
        self._keep(kept[:whole].reshape(-1, self._width))
        self._kept = kept[whole:]

    def result(self, analysis: SongAnalysis) -> HeardForPictures:
        """Everything, once the song was heard; `analysis` gives beats and voice."""
        if len(self._kept):
            self._keep(self._kept[None, :])
        bands, chroma = self._bands.result().bands_db, self._chroma.result()
        steps = steps_of(analysis.duration_seconds, chroma, bands, analysis.beats, analysis.voice)
        return HeardForPictures(
            np.concatenate(self._lowest),
            np.concatenate(self._highest),
            bands,
            chroma,
            steps.edges_seconds,
            sound_similarity(steps),
            notes_similarity(steps),
        )

    def _keep(self, columns: Samples) -> None:
        if len(columns):
            self._lowest.append(columns.min(axis=1))
            self._highest.append(columns.max(axis=1))
