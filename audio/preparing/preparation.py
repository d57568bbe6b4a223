"""A song made ready for LTX's audio encoder: filters, loudness, true peak, perhaps room tone. No delay, same length.

The song is read twice: once to measure, once to make it. Neither holds it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..reading.song_source import Block, SongSource, finite_blocks
from ..reading.sound_file import SongError
from .filters import Sections, sections
from .limiter import MOST_GAIN_DB, MOST_LOST_LU, GainCurve, factors, gain_curve
from .loudness import SHORTEST_SECONDS, LoudnessMeter
from .presets import PRESETS, Preset
from .room_tone import HIGHEST, RoomTone
from .spectrum import Spectrum, SpectrumMeter
from .true_peak import TruePeakMeter

LOWEST_HZ = 8000
HIGHEST_HZ = 384_000
TARGETS_LUFS = (-40.0, -5.0)
CEILINGS_DBTP = (-20.0, 0.0)

OnBlock = Callable[[int, int], None]
"""Called with the samples that were worked on so far and how many there are in all; raises to stop."""


@dataclass(frozen=True)
class Settings:
    """The wishes of a user.

    Attributes:
        preset: A name of `PRESETS`.
        target_lufs: Integrated loudness.
        true_peak_dbtp: The highest true peak allowed.
    """

    preset: str
    target_lufs: float = -16.0
    true_peak_dbtp: float = -2.0

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise SongError(f"there is no preset {self.preset!r}; there are {', '.join(PRESETS)}")
        for name, value, unit, (low, high) in (
            ("target loudness", self.target_lufs, "LUFS", TARGETS_LUFS),
            ("true peak", self.true_peak_dbtp, "dBTP", CEILINGS_DBTP),
        ):
            if not low <= value <= high:
                raise SongError(f"the {name} is {value:g} {unit}; it must lie between {low:g} and {high:g}")


@dataclass(frozen=True, eq=False)
class Levels:
    """Loudness, peak and spectrum of a sound.

    Attributes:
        loudness_lufs: Integrated, gated; -inf if it is silent or shorter than 400 ms.
        true_peak_dbtp: At four times the sample rate; -inf for silence.
        short_term_lufs: Loudness of every 3 s, one for each 100 ms that they can begin at; none if it is shorter.
        spectrum: Its mean spectrum.
    """

    loudness_lufs: float
    true_peak_dbtp: float
    short_term_lufs: NDArray[np.float64]
    spectrum: Spectrum


class LevelMeter:
    """Measures a sound that comes in pieces."""

    def __init__(self, sample_rate: int, channel_names: tuple[str, ...]) -> None:
        self.loudness = LoudnessMeter(sample_rate, channel_names)
        self.true_peak = TruePeakMeter(sample_rate, len(channel_names))
        self.spectrum = SpectrumMeter(sample_rate, len(channel_names))
        self.samples = 0

    def add(self, block: Block) -> None:
        """The next samples, float (channels, n), finite."""
        self.loudness.add(block)
        self.true_peak.add(block)
        self.spectrum.add(block)
        self.samples += block.shape[1]

    def finish(self) -> Levels:
        """The sound has ended."""
        self.true_peak.finish()
        return Levels(
            self.loudness.integrated_lufs(), self.true_peak.dbtp, self.loudness.short_term_lufs(), self.spectrum.finish()
        )


@dataclass(frozen=True, eq=False)
class Preparation:
    """A song that was measured, and how it is made ready.

    Attributes:
        source: The song as it is.
        settings: What was asked for.
        samples: Its length, of each channel.
        before: Its levels as it is.
        curve: The gain over time.
        notes: What should be known about this song, in words.
    """

    source: SongSource
    settings: Settings
    samples: int
    before: Levels
    curve: GainCurve
    notes: tuple[str, ...]

    @property
    def preset(self) -> Preset:
        """The preset itself."""
        return PRESETS[self.settings.preset]

    def blocks(self, on_block: OnBlock | None = None) -> Iterator[Block]:
        """The prepared sound, float32 (channels, n), as long as the source.

        Raises:
            SongError: The source can no longer be read as before.
        """
        filtered = _Filtered(self.preset, self.source)
        tone = _room_tone(self.settings, self.preset, len(self.source.channel_names))
        at = 0
        for block in finite_blocks(self.source):
            count = block.shape[1]
            if at + count > self.samples:
                break
            made = filtered.next(block) * factors(self.curve, self.source.sample_rate, at, count)
            at += count
            yield made if tone is None else made + tone.next(count)
            if on_block is not None:
                on_block(self.samples + at, 2 * self.samples)
        if at != self.samples:
            raise SongError(f"{self.source.name} changed while it was prepared; prepare it again")


def prepare(source: SongSource, settings: Settings, on_block: OnBlock | None = None, samples: int = 0) -> Preparation:
    """Reads a song once and decides what it needs.

    Args:
        source: The song.
        settings: What is asked for.
        on_block: Hears how far it is, half of the whole being this.
        samples: Length of the song if it is known, for `on_block`.

    Raises:
        SongError: The song is no sound, or its sample rate is not from 8 to 384 kHz.
    """
    rate = source.sample_rate
    if not LOWEST_HZ <= rate <= HIGHEST_HZ:
        raise SongError(f"{source.name} has a sample rate of {rate} Hz; from {LOWEST_HZ} to {HIGHEST_HZ} Hz can be prepared")
    preset = PRESETS[settings.preset]
    before = LevelMeter(rate, source.channel_names)
    filtered = _Filtered(preset, source)
    loudness = LoudnessMeter(rate, source.channel_names)
    peaks = TruePeakMeter(rate, len(source.channel_names))
    for block in finite_blocks(source):
        before.add(block)
        made = filtered.next(block)
        loudness.add(made)
        peaks.add(made)
        if on_block is not None:
            on_block(before.samples, 2 * samples)
    peaks.finish()
    levels = before.finish()
    curve = gain_curve(peaks.cell_peaks, loudness.lufs_with, settings.target_lufs, _ceiling(settings, preset))
    return Preparation(source, settings, before.samples, levels, curve, _notes(before.samples / rate, levels, curve, settings))


class _Filtered:
    """The chain of a preset, with what it remembers from block to block."""

    def __init__(self, preset: Preset, source: SongSource) -> None:
        self._sections: Sections = sections(preset.chain, source.sample_rate)
        self._state = np.zeros((len(self._sections), len(source.channel_names), 2))

    def next(self, block: Block) -> Block:
        from scipy.signal import sosfilt

        if not len(self._sections):
            return block
        made, self._state = sosfilt(self._sections, block, zi=self._state)
        return made.astype(np.float32)


def _ceiling(settings: Settings, preset: Preset) -> float:
    ceiling = float(10 ** (settings.true_peak_dbtp / 20))
    return ceiling if preset.room_tone_db is None else ceiling - HIGHEST * _tone_rms(settings, preset.room_tone_db)


def _room_tone(settings: Settings, preset: Preset, channels: int) -> RoomTone | None:
    return None if preset.room_tone_db is None else RoomTone(_tone_rms(settings, preset.room_tone_db), channels)


def _tone_rms(settings: Settings, room_tone_db: float) -> float:
    return float(10 ** ((settings.target_lufs + room_tone_db) / 20))


def _notes(seconds: float, before: Levels, curve: GainCurve, settings: Settings) -> tuple[str, ...]:
    notes = []
    if seconds < SHORTEST_SECONDS:
        notes.append(f"It is shorter than {SHORTEST_SECONDS} s, so it has no loudness by the standard: its level stays.")
    elif not math.isfinite(curve.reached_lufs):
        what = "It is silent" if not math.isfinite(before.loudness_lufs) else "Nothing loud is left of it"
        notes.append(f"{what}: no part is above -70 LUFS, so its level stays.")
    elif settings.target_lufs - curve.reached_lufs > 0.1:
        notes.append(
            f"It stays at {curve.reached_lufs:.1f} LUFS: more would take {_why_no_more(curve)}. That does no harm; "
            f"for an even louder sound raise the true peak, or compress it in an audio editor first."
        )
    if curve.limited_fraction > 0:
        notes.append(
            f"The limiter takes at most {curve.most_reduction_db:.1f} dB from peaks, and at least 1 dB in "
            f"{100 * curve.limited_fraction:.1f} % of the time."
        )
    return tuple(notes)


def _why_no_more(curve: GainCurve) -> str:
    if curve.gain_db >= MOST_GAIN_DB:
        return f"over {MOST_GAIN_DB:g} dB of gain and raise its noise"
    return f"over {MOST_LOST_LU:g} LU away again by limiting, which would be heard"
