"""Writes frames into a video file as they come, audio interleaved, so that what is on disk plays at any moment."""

from __future__ import annotations

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
from .content import Encoding, VideoContent
from .errors import VideoError
from .metadata import metadata_texts
from .mp4_index import IndexedFile, room_for_index
from .partial_file import PartialFile, partial_path, publish, refuse_existing
from .source_sound import CopiedTrack, SourceSound

log = logging.getLogger(__name__)

# Fragments end at key frames: this is what a kill can cost, and how finely players seek.
KEY_FRAME_SECONDS = 2
# Of the shortest packets that the encoders make: Opus at 48 kHz.
_SAMPLES_PER_PACKET = 960
# WebM's index: one entry per key frame, of at most this size.
_CUES_BYTES, _CUE_BYTES = 1024, 40


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
        size_px: Width and height.
        content: What goes into the file.
        encoding: A format with a container, and its settings.
        source: The song whose packets are the content's audio, to be copied instead of encoded (see `proven_source`).

    Raises:
        VideoError: the file exists, or the size or audio is none that the format takes.
    """

    def __init__(
        self,
        path: Path,
        size_px: tuple[int, int],
        content: VideoContent,
        encoding: Encoding,
        source: SourceSound | None = None,
    ) -> None:
        width, height = size_px
        kind = encoding.kind
        if width % 2 or height % 2:
            raise VideoError(f"{width}x{height} has an odd side; {kind.name} needs even ones, or save as png-16bit")
        refuse_existing(path)
        self.path, self.partial = path, partial_path(path)
        self.bits = kind.bits
        self.written = 0
        self._kind, self._fps = kind, content.fps
        self._reformatter = VideoReformatter()
        self._broken = False
        texts = metadata_texts(content.metadata)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = (IndexedFile if kind.index_in_front else PartialFile)(self.partial)
        try:
            options = kind.container_options | self._room(content, texts)
            with self._muxing():
                self._container = av.open(self._file, "w", format=kind.container, options=options)
                self._container.metadata.update(texts)
                self._stream = self._container.add_stream(kind.video_codec, rate=content.fps)
                self._stream.width, self._stream.height = width, height
                self._stream.pix_fmt = kind.pixel_format
                self._stream.options = self._codec_options(kind.checked_crf(encoding.crf))
                _tag_colours(self._stream.codec_context)
                self._audio: AudioTrack | CopiedTrack | None = None
                if source is not None:
                    self._audio = CopiedTrack(self._container, source, content.seconds)
                elif content.audio is not None:
                    self._audio = AudioTrack(self._container, encoding, content.audio, content.seconds)
                self._container.start_encoding()
        except BaseException:
            self._file.close()
            self.partial.unlink()
            raise

    def write(self, frames: np.ndarray) -> None:
        """Encodes frames (T, H, W, 3) of uint8 or uint16, as `to_integers` makes them."""
        layout = "rgb24" if self.bits == 8 else "rgb48le"
        with self._muxing():
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
        with self._muxing():
            try:
                self._complete()
            except av.error.FFmpegError:
                if not (isinstance(self._file, IndexedFile) and self._file.index_too_large):
                    raise
                log.warning("%s: the index is larger than the room kept for it; the file stays in fragments", self.path.name)
            if self._file.failure is not None:
                raise self._file.failure
            self._file.sync()
        self._file.close()
        return publish(self.partial, self.path)

    def abandon(self) -> Path | None:
        """Completes what is there as far as that works and leaves it as the partial file, None if it has no frame."""
        # What stopped the video is the error to report, not what its last packets run into.
        with suppress(OSError, ValueError, av.error.FFmpegError):
            # A muxer that failed once may only be closed: FFmpeg begins a header that failed anew, in freed memory.
            if self.written and not self._broken:
                self._complete(audio_to=self.written / self._fps)
        with suppress(OSError, ValueError, av.error.FFmpegError):
            self._container.close()
        self._file.close()
        if self.written and (not self._broken or _shows_a_frame(self.partial)):
            return self.partial
        self.partial.unlink(missing_ok=True)
        return None

    def _complete(self, audio_to: Fraction | None = None) -> None:
        self._container.mux(self._stream.encode(None))
        if self._audio is not None:
            self._audio.finish(audio_to)
        self._container.close()

    @contextmanager
    def _muxing(self) -> Iterator[None]:
        """Remembers that something failed, and names it: PyAV says only that a callback failed."""
        try:
            yield
        except av.error.FFmpegError as error:
            self._broken = True
            if self._file.failure is not None:
                raise self._file.failure from None
            raise VideoError(f"the encoder of {self._kind.name} failed ({error}); try another format or size") from error
        except BaseException:
            self._broken = True
            raise

    def _room(self, content: VideoContent, texts: Mapping[str, str]) -> dict[str, str]:
        """Options that keep room for the index in front."""
        if self._kind.index_in_front:
            audio = content.audio
            packets = 0 if audio is None else int(content.seconds * audio["sample_rate"]) // _SAMPLES_PER_PACKET + 1
            return {"moov_size": str(room_for_index(content.frames, packets, sum(map(len, texts.values()))))}
        key_frames = content.seconds / KEY_FRAME_SECONDS + 1
        return {"reserve_index_space": str(_CUES_BYTES + int(key_frames) * _CUE_BYTES)}

    def _codec_options(self, crf: int | None) -> dict[str, object]:
        options: dict[str, object] = dict(self._kind.codec_options)
        if self._kind.crf_range is not None:
            options |= {"crf": str(crf), "g": str(max(1, round(KEY_FRAME_SECONDS * self._fps)))}
        return options


def _shows_a_frame(path: Path) -> bool:
    try:
        with av.open(str(path)) as container:
            return next(container.decode(video=0), None) is not None
    except (OSError, ValueError, IndexError, av.error.FFmpegError):
        return False


def _tag_colours(target: Any) -> None:
    # What SaveVideo writes for pictures: BT.709 primaries and matrix, the sRGB curve of the frames, limited range.
    target.color_primaries = ColorPrimaries.BT709
    target.color_trc = ColorTrc.IEC61966_2_1
    target.colorspace = Colorspace.ITU709
    target.color_range = ColorRange.MPEG
