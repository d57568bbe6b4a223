"""A file opened for its pictures: frames in the order in which they are shown, each with its time."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av

from ..files.regular_files import open_regular

_READ_BYTES = 1 << 20
# Playlists name other files and addresses: nothing but the file itself is opened, so no protocol is left to open one with.
_ONLY_THIS_FILE = {"protocol_whitelist": "none"}
_SINGLE_PICTURES = ("_pipe", "image2")

_HELD_FRAMES = 3
"""Frames that are held back until it is sure that none comes which is shown before them."""

_GLITCH_SECONDS = 1.0
"""A time that goes back by less is a glitch of one frame; by more, the clock of the file began again."""

_SHORTER_SECONDS = 0.1
"""Headers round their lengths, and some count the last frame and some do not."""


class WatchError(ValueError):
    """A file that cannot be watched. The message says which, what is wrong with it and what would work."""


@dataclass
class VideoFile:
    """An open file. Made by `open_video`.

    Attributes:
        path: The file.
        container: The open container.
        stream: Its first video stream that is no cover picture.
        first_seconds: Time of the first frame as the file says it, once that was read.
        damage: What is wrong with the file as far as it was read, in words; "" if nothing.
    """

    path: Path
    container: av.container.InputContainer
    stream: av.VideoStream
    first_seconds: float = 0.0
    damage: str = ""
    _broken_packets: int = field(default=0, init=False)
    _packets: int = field(default=0, init=False)

    @property
    def claimed_seconds(self) -> float:
        """Length of the video as the header says; 0 if it says none."""
        if self.stream.duration:
            return float(self.stream.duration * (self.stream.time_base or 0))
        return 0.0 if self.container.streams.audio else (self.container.duration or 0) / av.time_base

    def frames(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """(seconds since the first frame, frame), in the order in which they are shown; times never go back."""
        step = float(1 / (self.stream.guessed_rate or self.stream.average_rate or Fraction(25)))
        offset, last, first = 0.0, -step, None
        for seconds, frame in _in_order(self._timed(step)):
            if first is None:
                first = self.first_seconds = seconds
            seconds += offset - first
            if seconds < last - _GLITCH_SECONDS:
                offset, seconds = offset + last + step - seconds, last + step
                self._say(f"its times begin again at {last:.2f} s")
            last = max(seconds, last)
            yield last, frame
        self._judge_end(last + step)

    def _timed(self, step: float) -> Iterator[tuple[float, av.VideoFrame]]:
        base = self.stream.time_base or Fraction(1, 1000)
        seconds = -step
        for frame in self._decoded():
            seconds = seconds + step if frame.pts is None else float(frame.pts * (frame.time_base or base))
            yield seconds, frame

    def _decoded(self) -> Iterator[av.VideoFrame]:
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError as error:
                self._say(f"it cannot be read to its end ({error.strerror})")
                return
            if packet is None:
                return
            self._packets += packet.size > 0
            try:
                for frame in packet.decode():
                    self._broken_packets += frame.is_corrupt
                    yield frame
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                self._broken_packets += 1

    def _judge_end(self, end_seconds: float) -> None:
        claimed = self.claimed_seconds
        missing = self._packets < self.stream.frames or not self.stream.frames
        # Some headers count from the first frame, others from zero.
        if missing and end_seconds + max(self.first_seconds, 0) < claimed - max(_SHORTER_SECONDS, 0.01 * claimed):
            self._say(f"it ends at {end_seconds:.2f} s, of {claimed:.2f} s that its header says")
        if self._broken_packets:
            self._say(f"{self._broken_packets} of its frames are damaged")

    def _say(self, words: str) -> None:
        self.damage = f"{self.damage}; {words}" if self.damage else words


@contextmanager
def open_video(path: Path) -> Iterator[VideoFile]:
    """Opens a file for reading its pictures.

    Raises:
        WatchError: It is missing, no regular file, no video, or cannot be decoded.
    """
    if path.is_dir():
        raise WatchError(f"{path.name} is a folder, not a video; pictures of a folder are first encoded as one video file")
    try:
        descriptor = open_regular(path)
    except OSError as error:
        raise WatchError(f"{path.name} cannot be opened: {error.strerror or error}; give the path of a video file") from error
    with os.fdopen(descriptor, "rb") as file:
        try:
            with av.open(file, "r", options=_ONLY_THIS_FILE, buffer_size=_READ_BYTES, metadata_errors="replace") as container:
                yield VideoFile(path, container, _video_stream(path.name, container))
        except av.error.FFmpegError as error:
            # FFmpeg's whole message would tell where the folder lies.
            raise WatchError(
                f"{path.name} cannot be read as a video: {error.strerror}; it is damaged, cut off before its index was "
                "written, or of another kind: save the video again"
            ) from None


def _video_stream(name: str, container: av.container.InputContainer) -> av.VideoStream:
    kind = container.format.name
    if any(mark in kind for mark in _SINGLE_PICTURES):
        raise WatchError(f"{name} is a picture, not a video; give a video file")
    streams = [stream for stream in container.streams.video if not stream.disposition & _cover()]
    if not streams:
        has = "only sound" if container.streams.audio else "no pictures"
        raise WatchError(f"{name} has {has} in it; give a file with a video stream")
    stream = streams[0]
    if stream.codec_context is None:
        raise WatchError(f"{name} is in a video format that is unknown here; save it as H.264 or VP9")
    # Not frame threads: they decode ahead, and one that logs while the decoder is closed waits for the GIL, which the
    # closing holds, for ever.
    stream.thread_type = "SLICE"
    return stream


def _cover() -> int:
    from av.stream import Disposition

    return int(Disposition.attached_pic)


def _in_order(timed: Iterator[tuple[float, av.VideoFrame]]) -> Iterator[tuple[float, av.VideoFrame]]:
    held: list[tuple[float, int, av.VideoFrame]] = []
    newest = float("-inf")
    for number, (seconds, frame) in enumerate(timed):
        if seconds < newest - _GLITCH_SECONDS:  # another clock: nothing of it belongs among what is held
            while held:
                yield heapq.heappop(held)[::2]
        newest = seconds
        heapq.heappush(held, (seconds, number, frame))
        if len(held) > _HELD_FRAMES:
            yield heapq.heappop(held)[::2]
    while held:
        yield heapq.heappop(held)[::2]
