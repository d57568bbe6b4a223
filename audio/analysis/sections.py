"""The parts of a song's form: where they begin, which are the same, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .boundaries import boundaries_of
from .labels import UnnamedSection, labels_of, levels_of
from .letters import letter_of, letters_of
from .level import SILENCE_DB
from .song_analysis import Beats, Section, Voice
from .steps import Rows, Steps, steps_of
from .talk import is_talk, talk_begins


def sections_of(
    duration_seconds: float,
    chroma: Rows,
    bands_db: Rows,
    beats: Beats | None,
    voice: Voice,
    level_db: Sequence[float],
    onset_seconds: Sequence[float],
) -> tuple[Section, ...]:
    """The sections, rising; they cover the song without gap.

    Args:
        duration_seconds: Length of the song.
        chroma: (frames, 12) at `chroma.CHROMA_HZ`.
        bands_db: (frames, bands) at `onsets.BANDS_HZ`.
        beats: Of the song.
        voice: Of the song.
        level_db: Of each second.
        onset_seconds: Of each onset.
    """
    if duration_seconds <= 0:
        return (Section(0.0, 0.0, "section", "A", "medium", SILENCE_DB, 0.0, 0.0),)
    steps = steps_of(duration_seconds, chroma, bands_db, beats, voice)
    talk = is_talk(beats, voice)
    begins = talk_begins(voice, duration_seconds) if talk else boundaries_of(steps, beats)
    bounds = list(zip(begins, (*begins[1:], duration_seconds), strict=True))
    # Nothing that is said comes again.
    letters = (
        [letter_of(index) for index in range(len(bounds))] if talk else letters_of(steps, [_span(steps, *b) for b in bounds])
    )
    parts = [
        UnnamedSection(
            letter,
            end - begin,
            _level(level_db, begin, end),
            voice.part(begin, end, "singing", "speech"),
            voice.part(begin, end, "speech"),
        )
        for letter, (begin, end) in zip(letters, bounds, strict=True)
    ]
    onsets = np.array(onset_seconds)
    return tuple(
        Section(
            start_seconds=round(begin, 3),
            end_seconds=round(end, 3) if end < duration_seconds else duration_seconds,
            label=label,
            letter=part.letter,
            level=level,
            level_db=round(part.level_db, 2),
            voice_fraction=round(part.voice, 3),
            onsets_per_second=round(float(((onsets >= begin) & (onsets < end)).sum()) / max(end - begin, 1e-9), 3),
        )
        for (begin, end), part, label, level in zip(bounds, parts, labels_of(parts), levels_of(parts), strict=True)
    )


def _span(steps: Steps, begin: float, end: float) -> tuple[int, int]:
    first = int(np.abs(steps.edges_seconds - begin).argmin())
    return first, max(first + 1, int(np.abs(steps.edges_seconds - end).argmin()))


def _level(level_db: Sequence[float], begin: float, end: float) -> float:
    """Mean of the power of the seconds in which the section lies."""
    seconds = np.array(level_db[int(begin) : max(int(begin) + 1, int(np.ceil(end)))])
    return float(10 * np.log10(np.mean(10 ** (seconds / 10)))) if len(seconds) else SILENCE_DB
