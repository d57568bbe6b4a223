"""Sounds and files of them for the tests."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


def tone(samples: int, rate: int, channels: int = 2, hz: float = 440.0, level: float = 0.5) -> np.ndarray:
    """A sine, float32 (channels, samples), each channel half a radian behind the one before."""
    time = np.arange(samples) / rate
    return np.stack([level * np.sin(2 * np.pi * hz * time - 0.5 * k) for k in range(channels)]).astype(np.float32)


def write_sound(path: Path, sound: np.ndarray, rate: int, codec: str, layout: str | None = None) -> Path:
    """Writes (channels, n) through PyAV into whatever container the name says."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout or {1: "mono", 2: "stereo", 6: "5.1"}[len(sound)]
        fitting = av.AudioResampler(format=stream.format.name, layout=stream.layout, rate=rate)
        for begin in range(0, sound.shape[1], 4096):
            piece = np.ascontiguousarray(sound[:, begin : begin + 4096], dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(piece, "fltp", stream.layout.name)
            frame.rate, frame.pts = rate, begin
            for each in fitting.resample(frame):
                container.mux(stream.encode(each))
        container.mux(stream.encode(None))
    return path
