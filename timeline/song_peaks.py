"""The loudness of a whole song at a fixed fine resolution, read once; every view of it is cut from that.

The song is decoded frame after frame, as ComfyUI's Load Audio does, and never held: memory grows by the peaks alone, two
bytes for each `BIN_SECONDS`. Decoding takes as long as the codec needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ..audio.reading.sound_file import LONGEST_SECONDS, SongError, open_sound, refuse_endless

BINS_PER_SECOND = 200
LOUDEST = 127
"""Full scale: peaks are whole numbers from -127 to 127."""

_BLOCK_BINS = 512


@dataclass(frozen=True, eq=False)
class SongPeaks:
    """Lowest and highest sample of each short stretch of a song.

    Attributes:
        sample_rate: The song's samples per second.
        samples: Its length, exact: as many as Load Audio gives.
        bin_samples: Samples in each stretch; the last may have fewer.
        low: int8 (bins,), -127..127, over all channels.
        high: The same for the highest samples.
        is_sampled: Whether only a piece of each stretch was heard, and `samples` may be some hundredths of a second too many.
    """

    sample_rate: int
    samples: int
    bin_samples: int
    low: NDArray[np.int8]
    high: NDArray[np.int8]
    is_sampled: bool = False

    @property
    def duration(self) -> Fraction:
        """Length in seconds."""
        return Fraction(self.samples, self.sample_rate)

    def columns(self, count: int, start: Fraction, stop: Fraction) -> tuple[list[int], list[int]]:
        """Lowest and highest values of `count` equally wide columns of `[start, stop)` seconds, which lie within the song.

        Every stretch of the range is in a column; columns narrower than a stretch repeat it.
        """
        width = (stop - start) / count
        per_second = Fraction(self.sample_rate, self.bin_samples)
        edges = np.linspace(float(start * per_second), float((start + width * count) * per_second), count + 1)
        last = len(self.low) - 1
        starts = np.minimum(edges[:-1].astype(np.int64), last)
        end = min(max(int(np.ceil(edges[-1])), int(starts[-1]) + 1), last + 1)
        return (
            np.minimum.reduceat(self.low[:end], starts).tolist(),
            np.maximum.reduceat(self.high[:end], starts).tolist(),
        )


def read_peaks(path: Path) -> SongPeaks:
    """Decodes the sound of a file once, in blocks.

    Raises:
        SongError: The file has no sound, cannot be decoded, or is longer than `LONGEST_SECONDS`.
        OSError: It is missing, unreadable or no regular file.
    """
    with open_sound(path) as (container, stream):
        return _peaks_of(path.name, int(stream.codec_context.sample_rate), container.decode(stream))


def frame_extremes(frame: av.AudioFrame) -> tuple[int, int]:
    """Lowest and highest sample of a frame, over all channels, -127..127."""
    values = frame.to_ndarray()
    low, high = _scaled(np.stack([values.min(), values.max()])).tolist()
    return low, high


def _peaks_of(name: str, sample_rate: int, frames: Iterator[av.AudioFrame]) -> SongPeaks:
    bin_samples = max(1, sample_rate // BINS_PER_SECOND)
    block = bin_samples * _BLOCK_BINS
    low, high = bytearray(), bytearray()
    held: list[NDArray[np.generic]] = []
    samples = pending = 0
    for frame in frames:
        piece = _by_sample(frame)
        held.append(piece)
        samples += frame.samples
        pending += frame.samples
        if pending >= block:
            joined = np.concatenate(held) if len(held) > 1 else piece
            whole = pending - pending % bin_samples
            _append(low, high, joined[:whole].reshape(whole // bin_samples, -1))
            held, pending = [joined[whole:].copy()], pending - whole
        refuse_endless(name, samples, sample_rate, LONGEST_SECONDS)
    if samples == 0:
        raise SongError(f"{name} has no sound in it; choose a song")
    if pending:
        joined = np.concatenate(held)
        whole = pending - pending % bin_samples
        if whole:
            _append(low, high, joined[:whole].reshape(whole // bin_samples, -1))
        if pending > whole:
            _append(low, high, joined[whole:].reshape(1, -1))
    return SongPeaks(sample_rate, samples, bin_samples, np.frombuffer(low, np.int8), np.frombuffer(high, np.int8))


def _by_sample(frame: av.AudioFrame) -> NDArray[np.generic]:
    """A frame as (samples, channels) in the codec's own numbers."""
    values = frame.to_ndarray()
    return values.T if frame.format.is_planar else values.reshape(frame.samples, -1)


def _append(low: bytearray, high: bytearray, bins: NDArray[np.generic]) -> None:
    """Adds the extremes of each row of `bins`."""
    low += _scaled(bins.min(axis=1)).tobytes()
    high += _scaled(bins.max(axis=1)).tobytes()


def _scaled(values: NDArray[np.generic]) -> NDArray[np.int8]:
    numbers = values.astype(np.float64)
    if values.dtype.kind == "u":
        numbers = numbers / 2.0 ** (8 * values.dtype.itemsize - 1) - 1
    elif values.dtype.kind == "i":
        numbers /= 2.0 ** (8 * values.dtype.itemsize - 1)
    return np.rint(np.clip(np.nan_to_num(numbers), -1, 1) * LOUDEST).astype(np.int8)
