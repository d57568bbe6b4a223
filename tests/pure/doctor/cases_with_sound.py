"""Cases whose video is a file with a sound alone, and whose pictures are numbers made by the test."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from audio_loop.doctor.case import Case
from audio_loop.tests.pure.audio.reading.sound_files import write_sound
from audio_loop.tests.songs import make_song
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, FrameFacts, WatchedVideo

RATE = 16_000
FPS = 25


@lru_cache(maxsize=4)
def song(seed: int, seconds: float = 24.0, voice: bool | None = None) -> np.ndarray:
    """The beginning of a made song, (N,) at `RATE`."""
    made = make_song(seed, form="ABB", part_seconds=9.0, voice=voice)
    assert made.sample_rate == RATE
    return made.samples[: round(seconds * RATE)]


def played(sound: np.ndarray, late_seconds: float = 0.0, slope: float = 0.0, seconds: float | None = None) -> np.ndarray:
    """A sound as it comes if at each second t one hears that of t - late - slope t; silence beyond its ends."""
    at = np.arange(len(sound) if seconds is None else round(seconds * RATE))
    return np.interp(at - late_seconds * RATE - slope * at, np.arange(len(sound)), sound, 0, 0).astype(np.float32)


def still_frames(count: int, fps: float = FPS, **changed: np.ndarray) -> FrameFacts:
    """Numbers of a picture that does not move, but for those that are given."""
    numbers = dict.fromkeys(
        ("luma", "contrast", "blue", "red", "colourfulness", "sharpness", "change", "change_peak", "zoom_per_second"),
        np.zeros(count, np.float32),
    )
    shifts = dict.fromkeys(("shift_x_per_second", "shift_y_per_second"), np.zeros(count, np.float32))
    cells = {
        "cell_luma": np.full((count, CELL_ROWS, CELL_COLUMNS), 128, np.uint8),
        "cell_change": np.zeros((count, CELL_ROWS, CELL_COLUMNS), np.float16),
    }
    return FrameFacts(**{"seconds": np.arange(count) / fps, **numbers, **shifts, **cells, **changed})


def case_of(
    folder: Path,
    sound: np.ndarray | None,
    original: np.ndarray | None = None,
    frames: FrameFacts | None = None,
    *,
    name: str = "video.mp4",
    rate: int = RATE,
    codec: str = "aac",
    **known,
) -> Case:
    """A case: `sound` (channels, N) or (N,) in the video's file, `original` (N,) at `RATE` as the song's."""
    path = folder / name
    if sound is not None:
        write_sound(path, np.atleast_2d(sound), rate, codec)
    count = 250 if sound is None else max(1, round(np.atleast_2d(sound).shape[1] / rate * FPS))
    facts = still_frames(count) if frames is None else frames
    video = WatchedVideo(path, 832, 448, Fraction(FPS), "h264", facts, (), sound is not None)
    if original is not None:
        known["song"] = write_sound(folder / "song.flac", original[None], RATE, "flac")
    return Case(video, **known)


def figure(seen, name: str):
    """The figure of a name."""
    return next(each for each in seen.figures if each.name == name)
