"""Writes frames as a folder of 16-bit PNG files, with the audio as a WAV file beside them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from .audio_track import AudioTrack, audio_layout
from .content import Encoding, VideoContent
from .errors import VideoError
from .metadata import metadata_texts
from .partial_file import PartialFile, partial_path, publish, refuse_existing

_SIGNATURE_AND_HEADER = 8 + 25
AUDIO_NAME = "audio.wav"


class PngSequenceWriter:
    """A folder of `frame_000000.png`, ..., in the making; the same life as `VideoFileWriter`.

    The metadata go into the first picture, as ComfyUI's SaveImage writes them into each: a graph can be larger than
    a frame.

    Args:
        path: The finished folder; nothing may be there.
        size_px: Width and height.
        content: What goes into it; the frame rate decides how much audio is written.
        encoding: The PNG format.

    Raises:
        VideoError: the folder exists, or the audio has no standard layout.
        OSError: the folder or the sound cannot be written; nothing is left of it.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], content: VideoContent, encoding: Encoding) -> None:
        if content.audio is not None:
            audio_layout(content.audio)
        refuse_existing(path)
        self.path, self.partial = path, partial_path(path)
        self.bits = encoding.kind.bits
        self.written = 0
        self._size, self._kind, self._texts = size_px, encoding.kind, metadata_texts(content.metadata)
        self.partial.mkdir(parents=True)
        if content.audio is not None:
            self._write_audio(content.audio, content.seconds, encoding)

    def write(self, frames: np.ndarray) -> None:
        """Writes frames (T, H, W, 3) of uint16."""
        for pixels in frames:
            data = self._png(pixels)
            if self.written == 0:
                data = _with_text(data, self._texts)
            _write_new(self.partial / f"frame_{self.written:06}.png", data)
            self.written += 1

    def finish(self) -> Path:
        """Gives the folder its name; returns the name it got."""
        return publish(self.partial, self.path)

    def abandon(self) -> Path | None:
        """Leaves what is there as the partial folder, None if it has no frame."""
        if self.written:
            return self.partial
        with suppress(OSError):
            (self.partial / AUDIO_NAME).unlink(missing_ok=True)
            self.partial.rmdir()
        return None

    def _png(self, pixels: np.ndarray) -> bytes:
        encoder = av.CodecContext.create(self._kind.video_codec, "w")
        encoder.width, encoder.height = self._size
        encoder.pix_fmt = self._kind.pixel_format
        encoder.time_base = Fraction(1, 1)
        encoder.sample_aspect_ratio = Fraction(1, 1)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb48le").reformat(format=self._kind.pixel_format)
        return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])

    def _write_audio(self, audio: Mapping[str, Any], seconds: Fraction, encoding: Encoding) -> None:
        try:
            file = PartialFile(self.partial / AUDIO_NAME)
            try:
                with av.open(file, "w", format="wav") as container:
                    AudioTrack(container, encoding, audio, seconds).finish()
            except av.error.FFmpegError as error:
                raise file.failure or VideoError(f"the sound cannot be written as WAV: {error}") from None
            finally:
                file.close()
            if file.failure is not None:
                raise file.failure
        except BaseException:
            self.abandon()
            raise


def _write_new(path: Path, data: bytes) -> None:
    file = PartialFile(path)
    try:
        file.write(data)
    except OSError:
        # Half a picture is of no use to anyone.
        file.close()
        path.unlink(missing_ok=True)
        raise
    finally:
        file.close()


def _with_text(png: bytes, texts: Mapping[str, str]) -> bytes:
    """The same picture with tEXt chunks (PNG specification, 11.3.3.2) behind its header; texts are ASCII."""
    chunks = b"".join(_chunk(b"tEXt", key.encode("latin-1") + b"\0" + text.encode("latin-1")) for key, text in texts.items())
    return png[:_SIGNATURE_AND_HEADER] + chunks + png[_SIGNATURE_AND_HEADER:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
