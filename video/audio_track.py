"""Feeds the original audio to an encoder in step with the frames."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from .content import Encoding
from .errors import VideoError

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}
_FALLBACK_HZ = 48_000


def audio_layout(audio: Mapping[str, Any]) -> str:
    """FFmpeg's name for the channels of a ComfyUI AUDIO.

    Raises:
        VideoError: no video can hold that many, or it holds no sound at all.
    """
    waveform = audio["waveform"]
    if waveform.ndim != 3 or waveform.shape[0] < 1 or waveform.shape[2] < 1:
        raise VideoError(f"the audio is empty: its shape is {tuple(waveform.shape)}, of (batch, channels, samples)")
    channels = int(waveform.shape[1])
    if channels not in _LAYOUTS:
        raise VideoError(f"the audio has {channels} channels; a video takes 1, 2 or 6: mix it down to stereo first")
    return _LAYOUTS[channels]


class AudioTrack:
    """One stream of an open file, filled from a ComfyUI AUDIO as far as the pictures have got.

    Args:
        container: Open for writing; the stream is added to it.
        encoding: Names the encoder and its bit rate for stereo sound; other numbers of channels get it in proportion.
        audio: ComfyUI AUDIO: "waveform" (B, C, N) in -1..1, of which the first item is used, and "sample_rate" in Hz.
        seconds: Length of the pictures; audio beyond it is left out.

    Raises:
        VideoError: the number of channels has no standard layout.
    """

    def __init__(self, container: OutputContainer, encoding: Encoding, audio: Mapping[str, Any], seconds: Fraction) -> None:
        self._layout = audio_layout(audio)
        self._waveform = audio["waveform"][0]
        self._sample_rate = int(audio["sample_rate"])
        channels, available = self._waveform.shape
        self._samples = min(available, math.ceil(seconds * self._sample_rate))
        self._sent = 0
        self._container = container
        codec, kbps = encoding.kind.audio_codec, encoding.kind.checked_audio_kbps(encoding.audio_kbps)
        rates = av.codec.Codec(codec, "w").audio_rates
        rate = self._sample_rate if not rates or self._sample_rate in rates else _FALLBACK_HZ
        self._stream: AudioStream = container.add_stream(codec, rate=rate, layout=self._layout)
        if kbps is not None:
            self._stream.bit_rate = kbps * 1000 * channels // 2

    def write_until(self, seconds: Fraction) -> None:
        """Encodes the audio up to this time, so that the file never waits for either stream."""
        for frame in self._frames(min(self._samples, math.ceil(seconds * self._sample_rate))):
            self._container.mux(self._stream.encode(frame))

    def finish(self, seconds: Fraction | None = None) -> None:
        """Encodes what is left, up to this time if one is given, and empties the encoder."""
        if seconds is None:
            seconds = Fraction(self._samples, self._sample_rate)
        self.write_until(seconds)
        self._container.mux(self._stream.encode(None))

    def _frames(self, end: int) -> Iterator[av.AudioFrame]:
        if end <= self._sent:
            return
        piece = self._waveform[:, self._sent : end].detach().float().cpu().numpy()
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=self._layout)
        frame.sample_rate = self._sample_rate
        frame.time_base = Fraction(1, self._sample_rate)
        frame.pts = self._sent
        self._sent = end
        yield frame
