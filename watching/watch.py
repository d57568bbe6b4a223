"""A video is watched once, from its first frame to its last; none is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from av.video.frame import PictureType

from .frame_numbers import FrameNumbers
from .frame_rate import frame_rate
from .planes import planes_of
from .video_file import VideoFile, WatchError, open_video
from .watched_video import SAMPLE_LONG_EDGE_PX, SAMPLES_PER_SECOND, SamplePicture, WatchedVideo


def watch(path: Path, on_progress: Callable[[float], None] | None = None) -> WatchedVideo:
    """Watches a video file.

    Args:
        path: The file.
        on_progress: Called now and then with the fraction that was watched, 0 to 1. What it raises ends the watching.

    Raises:
        WatchError: It is missing, no video, or no frame of it can be decoded. A file that breaks in the middle is watched as
            far as it goes, and `WatchedVideo.damage` says so.
    """
    with open_video(path) as file:
        return _watch(file, on_progress or (lambda _: None))


def _watch(file: VideoFile, on_progress: Callable[[float], None]) -> WatchedVideo:
    claimed = file.claimed_seconds
    numbers: FrameNumbers | None = None
    samples: list[SamplePicture] = []
    seconds, due, last = 0.0, 0.0, None
    width = height = 0
    for seconds, frame in file.frames():
        last = frame
        if numbers is None:
            width, height = frame.width, frame.height
        planes = planes_of(frame, width, height)
        if numbers is None:
            numbers = FrameNumbers(*planes.luma.shape)
        numbers.add(seconds, planes, key=frame.key_frame or frame.pict_type == PictureType.I)
        if seconds >= due:
            samples.append(SamplePicture(numbers.count - 1, _small(frame)))
            due += max(1 / SAMPLES_PER_SECOND, (seconds - due) // (1 / SAMPLES_PER_SECOND) / SAMPLES_PER_SECOND)
            on_progress(min(seconds / claimed, 1.0) if claimed else 0.0)
    if numbers is None or last is None:
        why = f" ({file.damage})" if file.damage else ""
        raise WatchError(f"{file.path.name} has no frame that can be decoded{why}; save the video again")
    if samples[-1].frame != numbers.count - 1:
        samples.append(SamplePicture(numbers.count - 1, _small(last)))
    on_progress(1.0)
    return WatchedVideo(
        path=file.path,
        width=numbers.width,
        height=numbers.height,
        fps=frame_rate(numbers.seconds, file.stream),
        codec=file.stream.codec_context.name,
        frames=numbers.facts(),
        samples=tuple(samples),
        has_sound=bool(file.container.streams.audio),
        start_seconds=file.first_seconds,
        damage=file.damage,
    )


def _small(frame: Any) -> np.ndarray:
    scale = min(1.0, SAMPLE_LONG_EDGE_PX / max(frame.width, frame.height))
    width, height = (max(1, round(edge * scale)) for edge in (frame.width, frame.height))
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90)))
