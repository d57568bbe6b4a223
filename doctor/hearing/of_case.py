"""A case's sound beside its song, compared once for all detectors that ask."""

from __future__ import annotations

import functools
from pathlib import Path

from ...audio.reading.sound_file import SongError
from ..case import Case
from .band_loss import band_loss_db
from .heard_sound import HeardSound, hear
from .sound_beside_song import SoundBesideSong, compare

NO_SONG = "the song that the video was made for is not known; name it by --audio FILE"
NO_SOUND = "the video has no sound track"
NOT_THE_SONG = "the sound is not that of the song"


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


def lost_bands_db(case: Case) -> tuple[float, ...] | str:
    """By how much each band of a voice is weaker in a case's sound than in its song, dB; or why that is not known."""
    beside = beside_song(case)
    if isinstance(beside, str) or case.song is None:
        return str(beside)
    if not beside.is_same:
        return NOT_THE_SONG
    sound, song = hear(case.video.path), hear(case.song)
    starts = sound.start_seconds - case.video.start_seconds
    lost = band_loss_db(sound, song, beside, starts, case.song_start_seconds)
    return lost if lost is not None else "too little of the song is heard in the video"


@functools.lru_cache(maxsize=2)
def _compared(
    video: Path, video_start: float, song: Path, song_start: float, _changed_ns: tuple[int, ...]
) -> SoundBesideSong | None:
    return compare(video, video_start, song, song_start)
