"""The sound of a song, measured in one reading."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..analysis.framing import LISTENING_HZ
from ..preparing.loudness import CELLS_PER_SECOND, LoudnessMeter
from ..preparing.true_peak import TruePeakMeter
from ..reading.mono import mono_at
from ..reading.song_source import Block, NumbersOnly, SongSource, SourceAround
from .clipping import ClippingCounter
from .sound_report import Silence, SoundReport, decibels
from .spectrum import SpectrumListener

SILENT_PEAK = 1e-3
"""-60 dB: a cell of 5 ms whose peaks are lower is silent."""


def measure(source: SongSource) -> SoundReport:
    """Measures a song: read once, and no more of it kept than some numbers for each of its seconds.

    Samples that are no numbers are counted, and taken for silence.

    Raises:
        SongError: As `SongSource.blocks`.
    """
    numbers = NumbersOnly(source)
    native = _NativeRate(numbers)
    spectrum = SpectrumListener()
    for piece in mono_at(native, LISTENING_HZ):
        spectrum.add(piece)
    spectrum.finish()
    return native.report(numbers, spectrum)


class _NativeRate(SourceAround):
    """A source whose blocks are measured as they pass."""

    def __init__(self, source: SongSource) -> None:
        super().__init__(source)
        channels = len(source.channel_names)
        self._loudness = LoudnessMeter(source.sample_rate, source.channel_names)
        self._true_peak = TruePeakMeter(source.sample_rate, channels)
        self._clipping = ClippingCounter(channels)
        self._sums, self._energies = np.zeros(channels), np.zeros(channels)
        self._samples = 0

    def blocks(self) -> Iterator[Block]:
        for block in self._source.blocks():
            self._loudness.add(block)
            self._true_peak.add(block)
            self._clipping.add(block)
            self._samples += block.shape[1]
            self._sums += block.sum(axis=1, dtype=np.float64)
            self._energies += np.square(block, dtype=np.float64).sum(axis=1)
            yield block

    def report(self, numbers: NumbersOnly, spectrum: SpectrumListener) -> SoundReport:
        self._true_peak.finish()
        means = self._sums / self._samples
        first = numbers.first_at
        return SoundReport(
            duration_seconds=self._samples / self.sample_rate,
            sample_rate=self.sample_rate,
            channel_levels_db=tuple(decibels(float(each)) for each in self._energies / self._samples),
            mono_level_db=spectrum.level_db,
            loudness_lufs=self._loudness.integrated_lufs(),
            true_peak_dbtp=self._true_peak.dbtp,
            band_levels_db=spectrum.band_levels_db,
            level_by_second_db=spectrum.level_by_second_db,
            level_range_db=spectrum.level_range_db(),
            hushed_fraction=spectrum.hushed_fraction(),
            band_limit_hz=self._limit_hz(spectrum),
            noise=spectrum.noise(),
            clipping=self._clipping.clipping(means, spectrum.is_steady()),
            silence=self._silence(),
            dc_offset=float(means[np.argmax(np.abs(means))]),
            not_finite=numbers.count,
            not_finite_at_seconds=None if first is None else first / self.sample_rate,
        )

    def _limit_hz(self, spectrum: SpectrumListener) -> float | None:
        """Nothing lies above half the sample rate, whatever a resampler makes of it."""
        heard, held = spectrum.band_limit_hz(), self.sample_rate / 2
        return min(heard or held, held) if held < LISTENING_HZ / 2 else heard

    def _silence(self) -> Silence:
        duration = self._samples / self.sample_rate
        is_silent = self._true_peak.cell_peaks < SILENT_PEAK
        if is_silent.all():
            return Silence(duration, duration, duration, 0.0, is_all=True)
        padded = np.concatenate([[False], is_silent, [False]])
        edges = np.minimum(np.flatnonzero(padded[1:] != padded[:-1]) / CELLS_PER_SECOND, duration)
        begins, lengths = edges[::2], edges[1::2] - edges[::2]
        if not len(lengths):
            return Silence(0.0, 0.0, 0.0, 0.0, is_all=False)
        longest = int(np.argmax(lengths))
        return Silence(
            float(lengths[0]) if is_silent[0] else 0.0,
            float(lengths[-1]) if is_silent[-1] else 0.0,
            float(lengths[longest]),
            float(begins[longest]),
            is_all=False,
        )
