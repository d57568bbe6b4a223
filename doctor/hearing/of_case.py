"""A case's sound beside its song, compared once for all detectors that ask."""

from __future__ import annotations

import functools
from pathlib import Path

from ...audio.reading.sound_file import SongError
from ..case import Case
from .heard_sound import HeardSound, hear
from .sound_beside_song import SoundBesideSong, compare

NO_SONG = "the song that the video was made for is not known; name it by --audio FILE"
NO_SOUND = "the video has no sound track"


def beside_song(case: Case) -> SoundBesideSong | str:
    """The comparison of a case's sound with its song; or why there is none, in words."""
    if case.song is None:
        return NO_SONG
    if not case.video.has_sound:
        return NO_SOUND
    try:
        changed = tuple(path.stat().st_mtime_ns for path in (case.video.path, case.song))
        found = _compared(case.video.path, case.video.start_seconds, case.song, case.song_start_seconds, changed)
    except (SongError, OSError) as error:
        return str(error)
    return found if found is not None else "the sound, or the song, is silent or shorter than a second"


def sound_of(case: Case) -> HeardSound | str:
    """The sound of a case's video; or why there is none, in words."""
    if not case.video.has_sound:
        return NO_SOUND
    try:
        return hear(case.video.path)
    except (SongError, OSError) as error:
        return str(error)


@functools.lru_cache(maxsize=2)
def _compared(
    video: Path, video_start: float, song: Path, song_start: float, _changed_ns: tuple[int, ...]
) -> SoundBesideSong | None:
    return compare(video, video_start, song, song_start)
