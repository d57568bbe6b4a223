"""A song as one channel at another sample rate, in pieces: equal to the whole song resampled in one piece.

The filter is that of the encoders' own resampler, torchaudio's with its defaults (`audio/rate_change.py`): a sinc of six
zero crossings on each side under a cosine window.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..rate_change import block, reach, resampling_filter
from .song_source import SongSource, finite_blocks

PIECE_SAMPLES = 1 << 16
"""About as many samples are made in one go, so that memory grows neither with the song nor with the ratio of the rates."""

Mono = NDArray[np.float32]


def mono_at(source: SongSource, to_hz: int) -> Iterator[Mono]:
    """The mean of all channels at `to_hz`, float32 pieces (n,), ceil(samples * to_hz / sample_rate) in all.

    Raises:
        SongError: A sample is no number (its time is named), or as `SongSource.blocks`.
    """
    mixed = (samples.mean(axis=0, dtype=np.float32) for samples in finite_blocks(source))
    return mixed if source.sample_rate == to_hz else _resampled(mixed, *block(source.sample_rate, to_hz))


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
