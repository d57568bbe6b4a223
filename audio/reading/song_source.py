"""The sound of a file or of an array, in blocks of float32: what is measured, prepared and analysed is read through this.

A source can be read as often as one likes, and each time gives the same blocks. None holds more than one block, apart from
an array that is in memory anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from ...loop_control.rates import clock_text, seconds_text
from .decoded_frames import as_float, channel_names_of, frames, usual_channel_names
from .sound_file import LONGEST_SECONDS, SongError, open_sound, refuse_endless

BLOCK_SAMPLES = 1 << 16
"""Samples of each channel in a block; the last has fewer."""

MOST_CHANNELS = 64
LOWEST_HZ = 1000
HIGHEST_HZ = 1_536_000
"""The fastest converters that there are. A file beyond these three is damaged, or not of sound."""

LOUDEST = 1e6
"""Largest sample that is taken for sound; full scale is 1, so this is 120 dB louder."""

Block = NDArray[np.float32]
"""Samples (channels, n), 1 is full scale."""


class SongSource(Protocol):
    """A song that can be read in blocks, any number of times."""

    @property
    def name(self) -> str:
        """The name that messages call it by."""

    @property
    def sample_rate(self) -> int:
        """Samples per second of each channel."""

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Where each channel belongs, in FFmpeg's names: "FL", "FR", "FC", "LFE", "SL", ...; "" if that is not known."""

    def blocks(self) -> Iterator[Block]:
        """The samples as float32 (channels, n), n = `BLOCK_SAMPLES` but for the last; at least one sample in all.

        Values are as they are stored: they may lie beyond 1, or be no number (see `finite_blocks`).

        Raises:
            SongError: The file is damaged, or its format changes in the middle.
            OSError: It is gone, or another one by now.
        """


class SongFile:
    """The first sound of a file of any kind that PyAV reads.

    Args:
        path: The file; only it is opened, whatever others a playlist names.
        start_seconds: Where to begin; the nearest sample.
        end_seconds: Where to end, exclusive; None, or a time behind the song's end, is its end.

    Raises:
        SongError: It has no sound, cannot be decoded, is beyond what a song can be, or nothing is left between both times.
        OSError: It is missing, unreadable or no regular file.
    """

    def __init__(self, path: Path, start_seconds: Fraction = Fraction(0), end_seconds: Fraction | None = None) -> None:
        if start_seconds < 0 or (end_seconds is not None and end_seconds <= start_seconds):
            asked = f"from {float(start_seconds):g} s to {'its end' if end_seconds is None else f'{float(end_seconds):g} s'}"
            raise SongError(f"{path.name} cannot be cut {asked}; begin at 0 s or later, and end after that")
        self._path = path
        with open_sound(path) as (container, stream):
            self._claimed = Fraction(container.duration or 0, av.time_base)
            frame = next(frames(container, stream), None)
        if frame is None:
            raise SongError(f"{path.name} has no sound in it; choose a song")
        # Only what is decoded is sure: the header of HE-AAC says half the sample rate.
        self._sample_rate, self._layout = frame.sample_rate, channel_names_of(frame)
        if not LOWEST_HZ <= self._sample_rate <= HIGHEST_HZ:
            raise SongError(
                f"{path.name} has a sample rate of {self._sample_rate} Hz; that of sound is from {LOWEST_HZ} to {HIGHEST_HZ} Hz"
            )
        if not 1 <= len(self._layout) <= MOST_CHANNELS:
            raise SongError(f"{path.name} has {len(self._layout)} channels; up to {MOST_CHANNELS} are read: mix it down first")
        self._first = round(start_seconds * self._sample_rate)
        self._end = None if end_seconds is None else round(end_seconds * self._sample_rate)
        if self._end is not None and self._end <= self._first:
            raise SongError(f"{path.name} has no sample in so short a cut; leave more of it")

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self._path.name

    @property
    def sample_rate(self) -> int:
        """As decoded."""
        return self._sample_rate

    @property
    def channel_names(self) -> tuple[str, ...]:
        """As the file says."""
        return self._layout

    @property
    def claimed_seconds(self) -> Fraction:
        """Length of the whole file as its header says, which may be an estimate or wrong; 0 if it says none."""
        return self._claimed

    def blocks(self) -> Iterator[Block]:
        """As `SongSource.blocks`."""
        return _of_equal_length(self._cut_pieces())

    def _cut_pieces(self) -> Iterator[Block]:
        at = given = 0
        for piece in self._pieces():
            begin, at = at, at + piece.shape[1]
            kept = piece[:, max(self._first - begin, 0) : None if self._end is None else max(self._end - begin, 0)]
            if kept.shape[1]:
                given += kept.shape[1]
                yield kept
            if self._end is not None and at >= self._end:
                return
        if not given:
            found = seconds_text(Fraction(at, self._sample_rate))
            raise SongError(
                f"{self.name} is {found} long, so nothing is left from {float(self._first / self._sample_rate):g} s on"
            )

    def _pieces(self) -> Iterator[Block]:
        samples = 0
        with open_sound(self._path) as (container, stream):
            for frame in frames(container, stream):
                rate, layout = frame.sample_rate, channel_names_of(frame)
                if (rate, layout) != (self._sample_rate, self._layout):
                    raise SongError(
                        f"{self.name} changes at {clock_text(Fraction(samples, self._sample_rate))} from "
                        f"{self._sample_rate} Hz and {len(self._layout)} channels to {rate} Hz and {len(layout)}; save it "
                        "again as one WAV or FLAC file"
                    )
                samples += frame.samples
                refuse_endless(self.name, samples, self._sample_rate, LONGEST_SECONDS)
                yield as_float(frame)


class SongArray:
    """A song in memory.

    Args:
        samples: Float32 (channels, N), 1 is full scale; it is not copied and not changed.
        sample_rate: Samples per second.
        name: What messages call it.

    Raises:
        SongError: There is no channel or no sample, or the rate is not one of sound.
    """

    def __init__(self, samples: Block, sample_rate: int, name: str = "the song") -> None:
        if samples.ndim != 2 or not samples.size:
            raise SongError(f"{name} has the shape {samples.shape}, so there is no sound in it; pass (channels, samples)")
        if not 1 <= samples.shape[0] <= MOST_CHANNELS:
            raise SongError(f"{name} has {samples.shape[0]} channels; up to {MOST_CHANNELS} are read: mix it down first")
        if not LOWEST_HZ <= sample_rate <= HIGHEST_HZ:
            raise SongError(
                f"{name} has a sample rate of {sample_rate} Hz; that of sound is from {LOWEST_HZ} to {HIGHEST_HZ} Hz"
            )
        self._samples, self._sample_rate, self._name = samples, int(sample_rate), name

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def sample_rate(self) -> int:
        """As given."""
        return self._sample_rate

    @property
    def channel_names(self) -> tuple[str, ...]:
        """FFmpeg's usual names for so many channels."""
        return usual_channel_names(self._samples.shape[0])

    def blocks(self) -> Iterator[Block]:
        """As `SongSource.blocks`; views of the array."""
        for begin in range(0, self._samples.shape[1], BLOCK_SAMPLES):
            yield self._samples[:, begin : begin + BLOCK_SAMPLES].astype(np.float32, copy=False)


def finite_blocks(source: SongSource) -> Iterator[Block]:
    """The blocks of a source, all of whose samples are numbers that can be sound.

    Raises:
        SongError: One is NaN, infinite or beyond `LOUDEST`; the message names its time. Also as `SongSource.blocks`.
    """
    at = 0
    for block in source.blocks():
        if not np.abs(block).max() <= LOUDEST:
            _refuse_sample(source, at, block)
        at += block.shape[1]
        yield block


class SourceAround:
    """Name, rate and channels of another source, for one that does something with its blocks.

    Args:
        source: The other source.
    """

    def __init__(self, source: SongSource) -> None:
        self._source = source

    @property
    def name(self) -> str:
        """That of the source."""
        return self._source.name

    @property
    def sample_rate(self) -> int:
        """That of the source."""
        return self._source.sample_rate

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Those of the source."""
        return self._source.channel_names


class NumbersOnly(SourceAround):
    """A source in which every sample that is no number, or far beyond sound, is silence, and counted.

    Args:
        source: The song as it is.
    """

    def __init__(self, source: SongSource) -> None:
        super().__init__(source)
        self.count = 0
        """Samples that were replaced in the latest reading, of all channels."""
        self.first_at: int | None = None
        """The first of them, counted from the beginning."""

    def blocks(self) -> Iterator[Block]:
        """As `SongSource.blocks`, all samples finite."""
        self.count, self.first_at, at = 0, None, 0
        for block in self._source.blocks():
            if not np.abs(block).max() <= LOUDEST:
                is_sound = np.abs(block) <= LOUDEST
                if self.first_at is None:
                    self.first_at = at + _first_wrong(is_sound)
                self.count += int(is_sound.size - np.count_nonzero(is_sound))
                block = np.where(is_sound, block, np.float32(0))
            at += block.shape[1]
            yield block


def _refuse_sample(source: SongSource, begin: int, block: Block) -> None:
    is_sound = np.abs(block) <= LOUDEST
    index = _first_wrong(is_sound)
    value, sample = block[~is_sound[:, index], index][0], begin + index
    time = clock_text(Fraction(sample, source.sample_rate))
    wrong = f"is far too loud at {time} (sample {sample} is {value:g}; full scale is 1)"
    if not np.isfinite(value):
        wrong = f"is not a number at {time} (sample {sample} is {value:g})"
    raise SongError(f"{source.name} {wrong}; export the song again, as WAV with 16 or 24 bits or as FLAC")


def _first_wrong(is_sound: NDArray[np.bool_]) -> int:
    return int(np.argmin(is_sound.all(axis=0)))


def _of_equal_length(pieces: Iterator[Block]) -> Iterator[Block]:
    held: list[Block] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += piece.shape[1]
        while count >= BLOCK_SAMPLES:
            joined = _joined(held)
            yield joined[:, :BLOCK_SAMPLES]
            held, count = [joined[:, BLOCK_SAMPLES:]], count - BLOCK_SAMPLES
    if count:
        yield _joined(held)


def _joined(held: Sequence[Block]) -> Block:
    return held[0] if len(held) == 1 else np.concatenate(held, axis=1)
