"""The song as it lies on disk, for files that can hold it as it is: nothing is lost that encoding it again would lose.

Where the sound on the wire comes from is a guess until it is proved: the file is decoded and compared, sample by sample.
Then a few seconds of it are put into a file in memory and compared again, because formats note in different ways where a
codec's first sample is. Without both proofs the sound is encoded.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer

from .formats import VideoFormat

log = logging.getLogger(__name__)

_TRIAL_SECONDS = 3
# A song's packets are held; an hour of 320 kb/s is 144 MB.
_MOST_BYTES = 200 * 2**20


class SourceSound:
    """The packets of one audio stream, from its first sample on.

    Args:
        path: A file with sound.

    Raises:
        ValueError: it holds none, or more than may be held in memory.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._container: InputContainer = av.open(str(path))
        if not self._container.streams.audio:
            raise ValueError(f"{path.name} holds no sound")
        self._stream: AudioStream = self._container.streams.audio[0]
        if (self._stream.bit_rate or 0) / 8 * float(self._stream.duration or 0) * (self._stream.time_base or 0) > _MOST_BYTES:
            raise ValueError(f"{path.name} is too large to be held")

    @property
    def codec(self) -> str:
        """FFmpeg's name of what the stream is."""
        return str(self._stream.codec_context.codec.canonical_name)

    def begins_with(self, audio: Mapping[str, Any]) -> bool:
        """True if this file, decoded as ComfyUI's LoadAudio does, begins with exactly these samples."""
        waveform = audio["waveform"]
        if waveform.shape[0] != 1 or self._stream.codec_context.sample_rate != int(audio["sample_rate"]):
            return False
        return _same_start(_decoded(self.path), waveform[0], int(waveform.shape[-1]))

    def packets(self) -> list[tuple[Fraction, av.Packet[AudioStream]]]:
        """All packets with the seconds they begin at, moved in time so that the first sample that is heard is at 0."""
        heard = next((frame.pts for frame in self._container.decode(self._stream) if frame.pts is not None), 0)
        self._container.seek(0, stream=self._stream)
        found = []
        with av.open(str(self.path)) as again:
            for packet in again.demux(again.streams.audio[0]):
                if packet.pts is not None and packet.dts is not None and packet.size:
                    packet.pts -= heard
                    packet.dts -= heard
                    found.append((packet.pts * packet.time_base, packet))
        return found

    def stream_in(self, container: OutputContainer) -> AudioStream:
        """A stream of this kind in a file that is being written."""
        return container.add_stream_from_template(self._stream, opaque=True)

    def close(self) -> None:
        """Lets go of the file."""
        self._container.close()


class CopiedTrack:
    """One stream of an open file, filled with packets of the song; the same life as `AudioTrack`.

    Args:
        container: Open for writing; the stream is added to it.
        source: The song.
        seconds: Length of the pictures; packets that begin beyond it are left out.
    """

    def __init__(self, container: OutputContainer, source: SourceSound, seconds: Fraction) -> None:
        self._container = container
        self._stream = source.stream_in(container)
        self._packets = [(start, packet) for start, packet in source.packets() if start < seconds]
        self._source, self._sent = source, 0

    def write_until(self, seconds: Fraction) -> None:
        """Writes the sound up to this time."""
        while self._sent < len(self._packets):
            start, packet = self._packets[self._sent]
            if start >= seconds:
                return
            packet.stream = self._stream
            self._container.mux(packet)
            self._sent += 1

    def finish(self, seconds: Fraction | None = None) -> None:
        """Writes what is left, up to this time if one is given."""
        if seconds is None:
            seconds = Fraction(10**9)
        self.write_until(seconds)


def proven_source(candidates: Iterable[Path], audio: Mapping[str, Any], kind: VideoFormat) -> SourceSound | None:
    """The first of these files whose packets give the very sound, and which the format can hold; None if there is none.

    Args:
        candidates: Files that the sound may come from.
        audio: ComfyUI AUDIO, which may end before the file does.
        kind: The format that is written.
    """
    for path in candidates:
        try:
            source = SourceSound(path)
            if source.codec in kind.copied_codecs and source.begins_with(audio) and _survives(source, audio, kind):
                return source
            source.close()
        except (OSError, ValueError, av.error.FFmpegError) as error:
            log.debug("the sound of %s cannot be copied: %s", path.name, error)
    return None


def _survives(source: SourceSound, audio: Mapping[str, Any], kind: VideoFormat) -> bool:
    file = io.BytesIO()
    with av.open(file, "w", format=kind.container, options=dict(kind.container_options)) as container:
        CopiedTrack(container, source, Fraction(_TRIAL_SECONDS)).finish()
    file.seek(0)
    waveform = audio["waveform"][0]
    # The last packets of a cut stream fade out in some codecs.
    samples = min(int(waveform.shape[-1]), (_TRIAL_SECONDS - 1) * int(audio["sample_rate"]))
    return _same_start(_decoded(file), waveform, samples)


def _decoded(file: Path | io.BytesIO) -> Iterator[np.ndarray]:
    """Pieces (channels, samples) in the codec's own numbers, as ComfyUI's LoadAudio reads them."""
    with av.open(str(file) if isinstance(file, Path) else file, "r") as container:
        stream = container.streams.audio[0]
        for frame in container.decode(stream):
            piece = frame.to_ndarray()
            yield piece if piece.shape[0] == stream.channels else piece.reshape(-1, stream.channels).T


def _same_start(pieces: Iterator[np.ndarray], waveform: Any, samples: int) -> bool:
    at = 0
    for piece in pieces:
        if at >= samples:
            break
        if piece.dtype != np.float32 or piece.shape[0] != waveform.shape[0]:
            return False
        end = min(at + piece.shape[1], samples)
        if not np.array_equal(piece[:, : end - at], waveform[:, at:end].float().cpu().numpy()):
            return False
        at = end
    return at >= samples
