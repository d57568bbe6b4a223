"""Writes frames into a video file as they come, audio interleaved, so that what is on disk plays at any moment."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import torch
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter

from .audio_track import AudioTrack
from .errors import VideoError
from .formats import VideoFormat
from .partial_file import PartialFile, partial_path, publish, refuse_existing

log = logging.getLogger(__name__)

# Fragments end at key frames: this is what a kill can cost, and how finely players seek.
KEY_FRAME_SECONDS = 2


def to_integers(span: torch.Tensor, bits: int) -> np.ndarray:
    """Frames (T, H, W, C) in [0, 1] as (T, H, W, 3) of uint8 or uint16, rounded to the nearest step."""
    top = 2**bits - 1
    scaled = span[..., :3].mul(top).round_().clamp_(0, top)
    if bits == 8:
        return np.ascontiguousarray(scaled.to(torch.uint8).numpy())
    return np.ascontiguousarray(scaled.numpy().astype(np.uint16))


class VideoFileWriter:
    """One video file in the making, at `partial_path(path)` until `finish` gives it its name.

    Args:
        path: The finished file; nothing may be there.
        kind: A format with a container.
        size_px: Width and height.
        fps: Frames per second.
        frames: Frames that will come, which is where the audio is cut.
        audio: ComfyUI AUDIO or None.
        crf: Constant rate factor, None for the format's own.
        metadata: Written into the file as ComfyUI's SaveVideo does: each value as JSON under its key ("prompt",
            "workflow"), so that dropping the file on the canvas brings the graph back.

    Raises:
        VideoError: the file exists, or the size, crf or audio is none that the format takes.
    """

    def __init__(
        self,
        path: Path,
        kind: VideoFormat,
        size_px: tuple[int, int],
        fps: Fraction,
        frames: int,
        audio: Mapping[str, Any] | None,
        crf: int | None,
        metadata: Mapping[str, Any] | None,
    ) -> None:
        width, height = size_px
        if width % 2 or height % 2:
            raise VideoError(f"{width}x{height} has an odd side; {kind.name} needs even ones, or save as png-16bit")
        crf = kind.checked_crf(crf)
        refuse_existing(path)
        self.path, self.partial = path, partial_path(path)
        self.bits = kind.bits
        self.written = 0
        self._kind, self._fps = kind, fps
        self._reformatter = VideoReformatter()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = PartialFile(self.partial)
        try:
            self._container = av.open(self._file, "w", format=kind.container, options=kind.container_options)
            for key, value in (metadata or {}).items():
                self._container.metadata[key] = json.dumps(value)
            self._stream = self._container.add_stream(kind.video_codec, rate=fps)
            self._stream.width, self._stream.height = width, height
            self._stream.pix_fmt = kind.pixel_format
            self._stream.options = self._codec_options(crf)
            _tag_colours(self._stream.codec_context)
            seconds = frames / fps
            self._audio = AudioTrack(self._container, kind.audio_codec, audio, seconds) if audio is not None else None
        except BaseException:
            self._file.close()
            self.partial.unlink()
            raise

    def write(self, frames: np.ndarray) -> None:
        """Encodes frames (T, H, W, 3) of uint8 or uint16, as `to_integers` makes them."""
        layout = "rgb24" if self.bits == 8 else "rgb48le"
        with self._naming_the_cause():
            for pixels in frames:
                frame = self._reformatter.reformat(
                    av.VideoFrame.from_ndarray(pixels, format=layout),
                    format=self._kind.pixel_format,
                    dst_colorspace=Colorspace.ITU709,
                )
                _tag_colours(frame)
                frame.pts, frame.time_base = self.written, 1 / self._fps
                self.written += 1
                self._container.mux(self._stream.encode(frame))
                if self._audio is not None:
                    self._audio.write_until(self.written / self._fps)

    def finish(self) -> Path:
        """Completes the file and gives it its name; returns the name it got."""
        with self._naming_the_cause():
            self._complete()
            if self._file.failure is not None:
                raise self._file.failure
            self._file.sync()
        self._file.close()
        return publish(self.partial, self.path)

    def abandon(self) -> Path | None:
        """Completes what is there as far as that works and leaves it as the partial file, None if it has no frame."""
        # What stopped the video is the error to report, not what its last packets run into.
        with suppress(OSError, ValueError, av.error.FFmpegError):
            if self.written:
                self._complete(audio_to=self.written / self._fps)
        with suppress(OSError, ValueError, av.error.FFmpegError):
            self._container.close()
        self._file.close()
        if self.written:
            return self.partial
        self.partial.unlink(missing_ok=True)
        return None

    def _complete(self, audio_to: Fraction | None = None) -> None:
        self._container.mux(self._stream.encode(None))
        if self._audio is not None:
            self._audio.finish(audio_to)
        self._container.close()

    @contextmanager
    def _naming_the_cause(self) -> Iterator[None]:
        """PyAV says only that a callback failed where our file met an error of the system."""
        try:
            yield
        except av.error.FFmpegError:
            if self._file.failure is not None:
                raise self._file.failure from None
            raise

    def _codec_options(self, crf: int | None) -> dict[str, str]:
        options = dict(self._kind.codec_options)
        if self._kind.crf_range is not None:
            options |= {"crf": str(crf), "g": str(max(1, round(KEY_FRAME_SECONDS * self._fps)))}
        return options


def _tag_colours(target: Any) -> None:
    # What SaveVideo writes for pictures: BT.709 primaries and matrix, the sRGB curve of the frames, limited range.
    target.color_primaries = ColorPrimaries.BT709
    target.color_trc = ColorTrc.IEC61966_2_1
    target.colorspace = Colorspace.ITU709
    target.color_range = ColorRange.MPEG
