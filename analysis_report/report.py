"""Everything that one reading of a song gives: what is heard, how it sounds, what was written for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..audio.analysis.analyse import analyse_song
from ..audio.analysis.song_analysis import SongAnalysis
from ..audio.sound_report.measure import measure
from ..audio.sound_report.sound_report import SoundReport
from ..prompting.song_schedule import SongSchedule
from ..prompting.wishes import Wishes
from ..prompting.write import write_schedule
from .song import SongInput, open_song


@dataclass(frozen=True)
class AnalysisReport:
    """Made by `make_report`.

    Attributes:
        name: The song's file as the user named it.
        song: Its sound and its windows.
        analysis: What is heard in it.
        sound: How it sounds.
        written: The schedule that was written from it.
    """

    name: str
    song: SongInput
    analysis: SongAnalysis
    sound: SoundReport
    written: SongSchedule


def make_report(name: str | os.PathLike[str], song: SongInput, vocal_track: Path | None, wishes: Wishes) -> AnalysisReport:
    """Listens to a song and writes its schedule.

    Args:
        name: The song's file as the user named it.
        song: Its sound and its windows.
        vocal_track: The song's voice alone; None to listen for it in the song.
        wishes: What is to be seen.

    Raises:
        SongError: A file is damaged or cannot be read.
    """
    stem = None if vocal_track is None else open_song(vocal_track, song.trim)
    analysis = analyse_song(song.source, voice_source=stem)
    sound = measure(song.source)
    return AnalysisReport(os.fspath(name), song, analysis, sound, write_schedule(analysis, song.plan, wishes))
