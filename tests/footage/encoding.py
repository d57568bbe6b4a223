"""Frames and sound into a file, by the encoder that the seed draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from scipy.signal import resample_poly

from .sounds import SOUND_HZ, Samples
from .takes import Frame


@dataclass(frozen=True)
class Encoder:
    """A video encoder with its settings.

    Attributes:
        name: As FFmpeg names it.
        crf: Constant quality: 17 to 28 with h264, 28 to 38 with vp9.
        preset: Of libx264; "" with vp9.
        sound: Sound codec.
    """

    name: str
    crf: int
    preset: str
    sound: str

    @property
    def suffix(self) -> str:
        return ".mp4" if self.name == "libx264" else ".webm"

    @property
    def words(self) -> str:
        return f"{'h264' if self.name == 'libx264' else 'vp9'} crf {self.crf}"


def draw_encoder(random: np.random.Generator) -> Encoder:
    """Three of four are h264."""
    if random.random() < 0.75:
        preset = random.choice(["superfast", "veryfast", "veryfast", "faster", "fast"])
        return Encoder("libx264", int(random.integers(17, 29)), str(preset), "aac")
    return Encoder("libvpx-vp9", int(random.integers(24, 37)), "", "libopus")


def encode(
    path: Path, frames: Iterable[tuple[int, Frame]], size: tuple[int, int], fps: Fraction, sound: Samples, encoder: Encoder
) -> None:
    """Writes a file; `frames` are (number, I420 planes), and the number is when it is shown, in frames."""
    height, width = size
    # Without this a WebM file carries a number by chance.
    with av.open(str(path), "w", options={"fflags": "bitexact"}) as container:
        video = container.add_stream(encoder.name, rate=fps)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.time_base = 1 / fps
        video.codec_context.thread_count = 1
        if encoder.name == "libx264":
            video.options = {"crf": str(encoder.crf), "preset": encoder.preset}
        else:
            video.options = {"crf": str(encoder.crf), "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "0"}
        rate = 48_000 if encoder.sound == "libopus" else SOUND_HZ
        audio = container.add_stream(encoder.sound, rate=rate, layout="stereo")
        audio.bit_rate = 128_000
        for number, planes in frames:
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if rate != SOUND_HZ:
            sound = resample_poly(sound, 160, 147).astype(np.float32)
        both = np.ascontiguousarray(np.stack([sound, sound]))
        for start in range(0, both.shape[1], 8192):
            block = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(both[:, start : start + 8192]), format="fltp", layout="stereo"
            )
            block.sample_rate, block.pts, block.time_base = rate, start, Fraction(1, rate)
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))
