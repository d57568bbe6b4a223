"""The measured sound of a song, as plain values.

Decibels are relative to full scale if nothing else is said, -inf for silence; a sine of full scale has -3 dB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .bands import BANDS, BODY, BOOM, PRESENCE, SIBILANCE, VOWELS, Band


@dataclass(frozen=True)
class Clipping:
    """Peaks that were cut off.

    Attributes:
        fraction: Part of all samples that lie on the cut, 0 to 1.
        level_db: Where they were cut.
        is_exact: Whether they still lie exactly there; an MP3 or AAC made of clipped sound spreads them.
    """

    fraction: float
    level_db: float
    is_exact: bool


@dataclass(frozen=True)
class Noise:
    """A noise that never stops.

    Attributes:
        floor_db: Its level from 60 Hz to 8 kHz.
        snr_db: How far everything else lies above it.
    """

    floor_db: float
    snr_db: float


@dataclass(frozen=True)
class Silence:
    """Stretches in which nothing is heard: peaks below -60 dB.

    Attributes:
        leading_seconds: At the beginning; the whole length if there is no sound at all.
        trailing_seconds: At the end; the whole length if there is no sound at all.
        longest_seconds: Of the longest one.
        longest_at_seconds: Where that begins.
        is_all: Whether there is no sound at all.
    """

    leading_seconds: float
    trailing_seconds: float
    longest_seconds: float
    longest_at_seconds: float
    is_all: bool


@dataclass(frozen=True)
class SoundReport:
    """The measured sound of a song.

    Attributes:
        duration_seconds: Its length.
        sample_rate: Samples per second of the file.
        channel_levels_db: RMS level of each channel.
        mono_level_db: RMS level of the mean of all channels at 16 kHz, which is what is measured below.
        loudness_lufs: Integrated loudness after ITU-R BS.1770-4, with both gates.
        true_peak_dbtp: True peak after ITU-R BS.1770-4.
        band_levels_db: RMS level in each of `BANDS`.
        level_by_second_db: RMS level of each second.
        level_range_db: Between the 5th and the 90th percentile of frames of 64 ms.
        hushed_fraction: Part of the frames, between leading and trailing silence, that are as good as digital silence.
        band_limit_hz: Above it nothing is left, though there is sound right below it; None without such an edge below 8 kHz.
        noise: None if no noise was found that is heard all the time.
        clipping: None if there is none.
        silence: Leading, trailing and longest silence.
        dc_offset: Mean of the samples of the channel in which it is largest, 1 is full scale.
        not_finite: Number of samples that are NaN, infinite or far beyond sound; the rest was measured with silence for them.
        not_finite_at_seconds: Where the first is; None if there is none.
    """

    duration_seconds: float
    sample_rate: int
    channel_levels_db: tuple[float, ...]
    mono_level_db: float
    loudness_lufs: float
    true_peak_dbtp: float
    band_levels_db: tuple[float, ...]
    level_by_second_db: tuple[float, ...]
    level_range_db: float
    hushed_fraction: float
    band_limit_hz: float | None
    noise: Noise | None
    clipping: Clipping | None
    silence: Silence
    dc_offset: float
    not_finite: int
    not_finite_at_seconds: float | None

    @property
    def bands_db(self) -> tuple[float, ...]:
        """The level of each of `BANDS` relative to the loudest."""
        loudest = max(self.band_levels_db)
        return tuple(0.0 if level == loudest else level - loudest for level in self.band_levels_db)

    @property
    def sibilance_gap_db(self) -> float:
        """How far 4 - 8 kHz lies below the loudest band of a voice, 300 Hz to 4 kHz; 0 in silence.

        Bass does not count: an encoder that hears each band by itself does not lose consonants to it.
        """
        return _difference(self.loudest_db(BODY, VOWELS, PRESENCE), self.loudest_db(SIBILANCE))

    def loudest_db(self, *bands: Band) -> float:
        """The level of the loudest of some bands."""
        levels = dict(zip(BANDS, self.band_levels_db, strict=True))
        return max(levels[band] for band in bands)

    @property
    def boom_db(self) -> float:
        """How far the mean density of 60 - 300 Hz lies above that of 300 - 1500 Hz; 0 in silence."""
        powers = {band: 10 ** (level / 10) for band, level in zip(BANDS, self.band_levels_db, strict=True)}
        low = powers[BOOM] / (BOOM.high_hz - BOOM.low_hz)
        voice = (powers[BODY] + powers[VOWELS]) / (VOWELS.high_hz - BODY.low_hz)
        return _difference(decibels(low), decibels(voice))

    @property
    def channel_spread_db(self) -> float:
        """How far the quietest channel lies below the loudest."""
        return _difference(max(self.channel_levels_db), min(self.channel_levels_db))

    @property
    def mono_loss_db(self) -> float:
        """How much level is lost when the channels are mixed to one: none by equal ones, about 3 by unrelated ones."""
        powers = [10 ** (level / 10) for level in self.channel_levels_db]
        return _difference(decibels(sum(powers) / len(powers)), self.mono_level_db)


def decibels(power: float) -> float:
    """10 log10, -inf for 0."""
    return 10 * math.log10(power) if power > 0 else -math.inf


def _difference(high_db: float, low_db: float) -> float:
    """0 if both are silence."""
    return 0.0 if high_db == low_db else high_db - low_db
