"""Where a song is cut for an audio encoder, so that the pieces joined are the song encoded in one piece.

Every latent is made from a stretch of samples that the encoder's own layers decide. A piece holds, beside its own latents'
samples, those in front that its first latent is made from; what the encoder makes of them is thrown away. Pure arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from . import receptive_field
from .rate_change import block, reach
from .receptive_field import Layer

PIECE_LATENTS = 500
"""Latents of a piece: 20 s of LTX's 25 a second. 27 more are encoded in front of each, 5 %. At the true size a latent takes
0.8 MiB while it is encoded, so a piece takes 430 MiB however long the song is: benchmarks/song_encode.py."""

SMALLEST_PIECE_LATENTS = 25
"""Where a device without memory is refused: a piece of 1 s, beside which the encoder's halo of 1.1 s cannot be saved."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the song that is encoded at once.

    Attributes:
        first: Its first own latent.
        end: The latent behind its last own one.
        begin_sample: First sample that is encoded.
        end_sample: The sample behind the last one.
        spoilt: Latents that come out in front of its own ones and are thrown away.
    """

    first: int
    end: int
    begin_sample: int
    end_sample: int
    spoilt: int


@dataclass(frozen=True)
class EncoderTime:
    """How an audio encoder counts time.

    Attributes:
        wave_hz: Samples per second of the waveform that it takes.
        mel_hz: Samples per second to which it changes that rate first.
        layers: From those samples on, the layers that one latent passes through, the spectrum being the first.
    """

    wave_hz: int
    mel_hz: int
    layers: tuple[Layer, ...]

    def latents(self, samples: int) -> int:
        """Latents that the encoder makes of a waveform of so many samples."""
        return receptive_field.outputs(self.layers, math.ceil(samples * self.mel_hz / self.wave_hz))

    @property
    def latents_per_second(self) -> float:
        """Latents of one second."""
        return self.mel_hz / receptive_field.stride(self.layers)

    @cached_property
    def unit(self) -> tuple[int, int]:
        """The fewest latents that begin where two samples of the two rates lie at the same moment, and their samples."""
        old, new = block(self.wave_hz, self.mel_hz)
        step = receptive_field.stride(self.layers)
        latents = new // math.gcd(step, new)
        return latents, latents * step // new * old

    @cached_property
    def halo(self) -> tuple[int, int]:
        """Whole units of latents, as latents, that lie in front of and behind the samples of one unit and shape its latents."""
        old, new = block(self.wave_hz, self.mel_hz)
        unit_latents, unit_samples = self.unit
        first, last = receptive_field.field(self.layers)
        last += (unit_latents - 1) * receptive_field.stride(self.layers)
        first_sample = math.floor(first * old / new) - reach(old, new)
        last_sample = math.ceil(last * old / new) + reach(old, new)
        before = max(0, -(first_sample // unit_samples))
        after = max(0, last_sample // unit_samples)
        return before * unit_latents, after * unit_latents

    def pieces(self, samples: int, piece_latents: int, first: int = 0) -> Iterator[Piece]:
        """The pieces of a waveform of so many samples from latent `first` on, a multiple of the unit.

        Args:
            samples: Of the whole waveform.
            piece_latents: Own latents of a piece; brought down to whole units, but at least one.
            first: The first latent that is wanted.
        """
        unit_latents, unit_samples = self.unit
        total = self.latents(samples)
        before, after = self.halo
        step = max(1, piece_latents // unit_latents) * unit_latents
        while first < total:
            end = min(first + step, total)
            start = max(0, first - before)
            stop = samples if end == total else min(samples, (end + after) // unit_latents * unit_samples)
            yield Piece(first, end, start // unit_latents * unit_samples, stop, first - start)
            first = end
