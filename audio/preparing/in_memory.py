"""A song that is in memory made ready, with its report and its picture: what the node gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block, SongArray
from .before_after import report
from .picture import picture
from .preparation import LevelMeter, OnBlock, Settings, prepare


@dataclass(frozen=True, eq=False)
class PreparedArray:
    """A prepared song.

    Attributes:
        samples: Float32 (channels, N), as long as the song.
        report: Levels before and after, and what should be known.
        picture: Spectrum and loudness before and after, float32 (1, H, W, 3) in 0..1.
    """

    samples: Block
    report: str
    picture: NDArray[np.float32]


def prepared_song(samples: Block, sample_rate: int, settings: Settings, on_block: OnBlock) -> PreparedArray:
    """Prepares a song (channels, N) at its own sample rate; the array is not changed.

    Raises:
        SongError: It is no sound, or its rate cannot be prepared.
    """
    source = SongArray(samples, sample_rate)
    prepared = prepare(source, settings, on_block, samples.shape[1])
    meter = LevelMeter(sample_rate, source.channel_names)
    made = np.empty(samples.shape, np.float32)
    for block in prepared.blocks(on_block):
        made[:, meter.samples : meter.samples + block.shape[1]] = block
        meter.add(block)
    after = meter.finish()
    drawn = np.asarray(picture(prepared, after), dtype=np.float32) / np.float32(255)
    return PreparedArray(made, report(prepared, after), drawn[None])
