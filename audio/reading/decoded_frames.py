"""Decoded sound as numbers: frames of any sample format, and the names of their channels."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

_USUAL_CHANNELS = {
    1: "FC",
    2: "FL FR",
    3: "FL FR FC",
    4: "FL FR FC BC",
    5: "FL FR FC BL BR",
    6: "FL FR FC LFE BL BR",
    7: "FL FR FC LFE BC SL SR",
    8: "FL FR FC LFE BL BR SL SR",
}
"""FFmpeg's default layout for each number of channels, in FFmpeg's names."""


def frames(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    """The frames of a sound that have samples."""
    return (frame for frame in container.decode(stream) if frame.samples)


def channel_names_of(frame: av.AudioFrame) -> tuple[str, ...]:
    """FFmpeg's names of the channels of a frame; the usual ones for their number if the file names none."""
    names = tuple(channel.name for channel in frame.layout.channels)
    # A WAV file without an extended header, say, does not name its channels.
    return usual_channel_names(len(names)) if "NONE" in names else names


def usual_channel_names(channels: int) -> tuple[str, ...]:
    """FFmpeg's names of so many channels; "" for each if there is no usual order."""
    return tuple(_USUAL_CHANNELS.get(channels, "").split()) or ("",) * channels


def as_float(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A frame as float32 (channels, n); whole numbers so that -1 is their lowest."""
    values = frame.to_ndarray()
    by_channel = values if frame.format.is_planar else values.reshape(frame.samples, -1).T
    if values.dtype.kind == "f":
        return by_channel.astype(np.float32)
    half = np.float32(2.0 ** (8 * values.dtype.itemsize - 1))
    numbers = by_channel.astype(np.float32)
    return numbers / half - 1 if values.dtype.kind == "u" else numbers / half
