"""The content of a video file and its encoding, as values that are checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from .errors import VideoError
from .formats import VideoFormat, video_format


@dataclass(frozen=True)
class VideoContent:
    """All that goes into a file but the pictures themselves.

    Attributes:
        fps: Frames per second, above 0.
        frames: Frames in the file, at least 1; the audio is cut where they end.
        audio: ComfyUI AUDIO, or None for a silent video.
        metadata: JSON-able values by key: "prompt" and what ComfyUI's `extra_pnginfo` holds ("workflow"). Each is written as
            JSON under its key, as SaveVideo does, so that dropping the file on the canvas brings the graph back.
        sound_files: Files that the audio may come from. The sound of one that is proved to be it is copied, if the format
            can hold it and no bit rate is asked for.

    Raises:
        VideoError: Frames or rate are too small.
    """

    fps: Fraction
    frames: int
    audio: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] | None = None
    sound_files: Sequence[Path] = ()

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise VideoError(f"{self.frames} frames make no video; ask for at least 1")
        if self.fps <= 0:
            raise VideoError(f"{self.fps} frames per second make no video; the rate must be above 0")

    @property
    def seconds(self) -> Fraction:
        """Length of the pictures."""
        return self.frames / self.fps


@dataclass(frozen=True)
class Encoding:
    """A format with its settings.

    Attributes:
        kind: The format.
        crf: Constant rate factor, None for the format's own; only for formats that have one.
        audio_kbps: Bit rate of stereo sound, None for the format's own; only for formats that compress it.

    Raises:
        VideoError: The format has no such setting, or the value is out of range.
    """

    kind: VideoFormat
    crf: int | None = None
    audio_kbps: int | None = None

    def __post_init__(self) -> None:
        self.kind.checked_crf(self.crf)
        self.kind.checked_audio_kbps(self.audio_kbps)


def encoding(format: str = "h264-mp4", crf: int | None = None, audio_kbps: int | None = None) -> Encoding:
    """The encoding of a format in `FORMATS`.

    Raises:
        VideoError: There is no such format, or it does not take a setting.
    """
    return Encoding(video_format(format), crf, audio_kbps)
