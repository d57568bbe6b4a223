"""Listens to the song of a file, and tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av

from ..audio.analysis.analyse import analyse_song
from ..audio.analysis.song_analysis import SongAnalysis
from ..audio.reading.song_source import SongFile
from ..audio.reading.sound_file import open_sound

HEARD_WHEN_READ = 0.95
"""Part of the work that is done when the whole song was read; the rest is thinking about it."""

GUESSED_SECONDS = 300.0
"""Of a file that does not say how long it is."""


def listen(path: Path, report: Callable[[float], None]) -> SongAnalysis:
    """Everything that is heard in the song of a file.

    Args:
        path: The file.
        report: Told the part that is done, 0 to 1; what it raises ends the listening.

    Raises:
        SongError: The file cannot be read as sound.
        OSError: It is missing, unreadable or no regular file.
    """
    with open_sound(path) as (container, _):
        claimed_seconds = GUESSED_SECONDS if not container.duration else container.duration / av.time_base
    return analyse_song(
        SongFile(path), on_progress=lambda seconds: report(HEARD_WHEN_READ * min(1.0, seconds / claimed_seconds))
    )
