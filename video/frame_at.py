"""The frame that a video shows at a given second, found without decoding what comes before it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np

from ..loop_control.rates import seconds_text
from .errors import VideoError


def frame_at(source: Any, seconds: Fraction) -> tuple[np.ndarray, Fraction]:
    """The frame on screen at `seconds`.

    Args:
        source: Path or open binary file.
        seconds: From 0 up to the video's end (exclusive).

    Returns:
        The frame (H, W, 3) as uint8, and the second at which it begins.

    Raises:
        VideoError: There is no video in it, or it ends before.
    """
    if seconds < 0:
        raise VideoError(f"a frame at {seconds_text(seconds)} is asked for; a video begins at 0")
    with av.open(source) as container:
        if not container.streams.video:
            raise VideoError("the file has no video stream")
        stream = container.streams.video[0]
        # Not frame threads: they decode ahead, and one that logs while the decoder is closed waits for the GIL, which the
        # closing holds, for ever.
        stream.thread_type = "SLICE"
        first = Fraction(stream.start_time or 0)
        wanted = seconds / stream.time_base + first
        container.seek(int(wanted), stream=stream, backward=True)
        shown = None
        end = first
        for frame in container.decode(stream):
            if frame.pts is None:
                continue
            if frame.pts > wanted:
                break
            shown, end = frame, frame.pts + _length(frame, stream)
        else:
            if shown is None or end <= wanted:
                last = (end - first) * stream.time_base
                raise VideoError(f"a frame at {seconds_text(seconds)} is asked for, but the video ends at {seconds_text(last)}")
        if shown is None:
            raise VideoError(f"the video has no frame at {seconds_text(seconds)}; its first comes later")
        return shown.to_ndarray(format="rgb24"), (shown.pts - first) * stream.time_base


def _length(frame: av.VideoFrame, stream: Any) -> Fraction:
    """Ticks for which a frame is shown."""
    if frame.duration:
        return Fraction(frame.duration)
    return 1 / (Fraction(stream.average_rate) * stream.time_base)
