"""The parts of a song's form."""

from __future__ import annotations

import numpy as np

from .level import SILENCE_DB
from .song_analysis import Section, Voice


def sections_of(
    duration_seconds: float, voice: Voice, level_db: tuple[float, ...], onset_seconds: tuple[float, ...]
) -> tuple[Section, ...]:
    """The sections, rising; they cover the song without gap."""
    level = float(np.mean(level_db)) if level_db else SILENCE_DB
    density = len(onset_seconds) / duration_seconds if duration_seconds > 0 else 0.0
    fraction = voice.part(0.0, duration_seconds, "singing", "speech")
    return (Section(0.0, duration_seconds, "section", "A", "medium", round(level, 2), round(fraction, 3), round(density, 3)),)
