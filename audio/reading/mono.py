"""A song as one channel at another sample rate, in pieces: equal to the whole song resampled in one piece.

The filter is that of the encoders' own resampler, torchaudio's with its defaults (`audio/rate_change.py`): a sinc of six
zero crossings on each side under a cosine window.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..rate_change import block, reach, resampling_filter
from .song_source import Block, SongSource, finite_blocks

PIECE_SAMPLES = 1 << 16
"""About as many samples are made in one go, so that memory grows neither with the song nor with the ratio of the rates."""

DECIDING_SECONDS = 30
"""Beginning of a song by which it is decided whether its channels cancel each other."""

MOST_HELD = 1 << 24
"""Samples of all channels that are held until it is decided, 64 MiB."""

_CANCELLED = 0.01
"""Power of the mean of all channels, relative to that of one channel, below which next to nothing is left of them."""

Mono = NDArray[np.float32]


def mono_at(source: SongSource, to_hz: int) -> Iterator[Mono]:
    """The mean of all channels at `to_hz`, float32 pieces (n,), ceil(samples * to_hz / sample_rate) in all.

    Raises:
        SongError: A sample is no number (its time is named), or as `SongSource.blocks`.
    """
    return _at((samples.mean(axis=0, dtype=np.float32) for samples in finite_blocks(source)), source.sample_rate, to_hz)


def heard_at(source: SongSource, to_hz: int) -> Iterator[Mono]:
    """As `mono_at`, but the loudest channel alone if the channels cancel each other, as with one that is plugged in reversed.

    LTX hears both channels, so there is a song to be heard; their mean would be silence.

    Raises:
        SongError: As `mono_at`.
    """
    return _at(_heard(source), source.sample_rate, to_hz)


def _heard(source: SongSource) -> Iterator[Mono]:
    blocks = finite_blocks(source)
    held: list[Block] = []
    samples = 0
    most = min(DECIDING_SECONDS * source.sample_rate, MOST_HELD // len(source.channel_names))
    while samples < most and (next_block := next(blocks, None)) is not None:
        held.append(next_block)
        samples += next_block.shape[1]
    of_channels = sum((np.square(each, dtype=np.float64).sum(axis=1) for each in held), np.zeros(1))
    of_mean = sum(float(np.square(each.mean(axis=0), dtype=np.float64).sum()) for each in held)
    loudest = int(of_channels.argmax()) if of_mean < _CANCELLED * of_channels.mean() else None
    for each in itertools.chain(held, blocks):
        yield each.mean(axis=0, dtype=np.float32) if loudest is None else each[loudest]


def _at(pieces: Iterator[Mono], from_hz: int, to_hz: int) -> Iterator[Mono]:
    return pieces if from_hz == to_hz else _resampled(pieces, *block(from_hz, to_hz))


def _resampled(pieces: Iterator[Mono], old: int, new: int) -> Iterator[Mono]:
    """Samples with `new` for every `old`; both lie at the same moment at the beginning of a block of so many."""
    from scipy.signal import upfirdn

    taps, delay = resampling_filter(old, new)
    around = reach(old, new) + 1
    lead = -(-around // old)
    blocks = max(1, PIECE_SAMPLES // max(old, new))
    # What is kept begins `lead` blocks before the next that is made; there is silence before the song.
    kept = np.zeros(lead * old, np.float32)
    heard = made = 0

    def made_of(count: int) -> Mono:
        nonlocal kept
        first = lead * new + delay
        result: Mono = upfirdn(taps, kept[: (lead + count) * old + around], new, old)[first : first + count * new]
        kept = kept[count * old :]
        return result

    for piece in pieces:
        kept = np.concatenate([kept, piece])
        heard += len(piece)
        while len(kept) >= (lead + blocks) * old + around:
            made += blocks * new
            yield made_of(blocks)
    left = -(-heard * new // old) - made
    while left > 0:
        count = min(blocks, -(-left // new))
        kept = np.pad(kept, (0, max(0, (lead + count) * old + around - len(kept))))
        piece = made_of(count)[:left]
        left -= len(piece)
        yield piece
