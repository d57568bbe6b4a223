"""The sound of a video beside its song: how late it is, how that changes, and whether it is that song at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .fine_match import fine_offsets, on_line, robust_line
from .heard_sound import HeardSound, hear
from .rough_match import RoughMatch, rough_match

LEAST_MATCH = 0.7
TELLING_SECONDS = 20.0
"""A sound of which no piece is the song's own, sample by sample, is still that song if what begins when correlates so much for
so long, as with one that was stretched at the same pitch. Made songs that are not the same stay below 0.6."""

_FEWEST_PIECES, _ON_LINE = 4, 0.4
"""Pieces of the same song lie on one line, all of them; of songs with the same drum sounds up to a third do."""

_ROUNDS = 2
"""At the right pace pieces are found to a fraction of a sample, and the first line gives that pace."""

_ROUGH_SECONDS = 0.01


@dataclass(frozen=True)
class SoundBesideSong:
    """How a sound lies beside its song.

    Attributes:
        match: Mean correlation of what begins when, 1 for the same sound.
        is_same: Whether it is that song.
        offset_ms: By how much the sound is later than the song at the video's first frame; negative if it is earlier.
        offset_error_ms: Its standard error.
        drift_ms_per_minute: By how much the offset grows in a minute.
        drift_error_ms_per_minute: Its standard error.
        agreeing: Part of the pieces that were found where the others say.
        points: (seconds of the video, offset in ms) of single pieces.
    """

    match: float
    is_same: bool
    offset_ms: float
    offset_error_ms: float
    drift_ms_per_minute: float
    drift_error_ms_per_minute: float
    agreeing: float
    points: tuple[tuple[float, float], ...]

    def late_ms_at(self, seconds: float) -> float:
        """By how much the sound is later than the song at a second of the video."""
        return self.offset_ms + self.drift_ms_per_minute * seconds / 60


def compare(video: Path, video_start_seconds: float, song: Path, song_start_seconds: float = 0.0) -> SoundBesideSong | None:
    """Compares a video's sound with a song; None if one of them is silent or too short to tell.

    Args:
        video: The video file.
        video_start_seconds: Time of its first frame, on the clock of the file.
        song: The song's file.
        song_start_seconds: Second of the song that the video begins with.

    Raises:
        SongError: One of them has no sound, or none that can be decoded.
        OSError: One of them is missing or unreadable.
    """
    sound, source = hear(video), hear(song)
    rough = rough_match(sound.flux, source.flux)
    if rough is None:
        return None
    line = _exact_line(sound, source, rough)
    if line is None:
        error = _ROUGH_SECONDS
        line = _SoundLine(rough.offset_seconds, rough.slope, error, error / max(sound.seconds, 1.0), np.zeros(0), np.zeros(0))
    is_exact = len(line.seconds) > 0
    # A sample at s of the sound is seen `starts` later, and belongs to the song's second s - offset.
    starts = sound.start_seconds - video_start_seconds
    before = starts + song_start_seconds
    at_first_frame = line.offset_seconds - line.slope * starts + before
    return SoundBesideSong(
        match=rough.match,
        is_same=is_exact or (rough.match >= LEAST_MATCH and sound.seconds >= TELLING_SECONDS),
        offset_ms=1000 * at_first_frame,
        offset_error_ms=1000 * line.error,
        drift_ms_per_minute=60_000 * line.slope,
        drift_error_ms_per_minute=60_000 * line.slope_error,
        agreeing=rough.agreeing,
        points=tuple(
            (float(at + starts), 1000 * float(late + before)) for at, late in zip(line.seconds, line.offsets, strict=True)
        ),
    )


@dataclass(frozen=True, eq=False)
class _SoundLine:
    offset_seconds: float
    slope: float
    error: float
    slope_error: float
    seconds: NDArray[np.float64]
    offsets: NDArray[np.float64]


def _exact_line(sound: HeardSound, song: HeardSound, rough: RoughMatch) -> _SoundLine | None:
    """The line through pieces that are the song's own, sample by sample; None if they are not."""
    offset, slope, found = rough.offset_seconds, rough.slope, None
    for _ in range(_ROUNDS):
        seconds, offsets, sought = fine_offsets(sound.samples, song.samples, offset, slope)
        if len(seconds) < _FEWEST_PIECES:
            return None
        offset, slope, error, of_slope = robust_line(seconds, offsets)
        found = _SoundLine(offset, slope, error, of_slope, seconds, offsets)
        if on_line(seconds, offsets, offset, slope) < max(_FEWEST_PIECES, _ON_LINE * sought):
            found = None
    return found
