"""The outcome of listening to a song, as plain values: everything a schedule, a plot or a report is made from.

Standard library only. Seconds count from the song's first sample; every stretch is half-open, `[start, end)`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

VoiceKind = Literal["singing", "speech", "crowd"]
"""A sung voice, a spoken one, or many at once that laugh or clap."""

Level = Literal["quiet", "medium", "loud"]
Mode = Literal["major", "minor"]

PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True)
class Tempo:
    """The speed of the beat.

    Attributes:
        bpm: Beats per minute.
        confidence: 0 to 1.
        other_bpm: The reading that is nearly as likely, mostly half or double.
    """

    bpm: float
    confidence: float
    other_bpm: float


@dataclass(frozen=True)
class Beats:
    """Where the beat falls.

    Attributes:
        seconds: Times of all beats, rising.
        bars: Indices into `seconds` of those that begin a bar.
        beats_per_bar: 3 or 4 mostly.
    """

    seconds: tuple[float, ...]
    bars: tuple[int, ...]
    beats_per_bar: int

    @property
    def downbeats(self) -> tuple[float, ...]:
        """Times of the beats that begin a bar."""
        return tuple(self.seconds[index] for index in self.bars)


@dataclass(frozen=True)
class Key:
    """The key of the whole song.

    Attributes:
        tonic: One of `PITCH_CLASSES`.
        mode: Major or minor.
        confidence: 0 to 1.
    """

    tonic: str
    mode: Mode
    confidence: float

    @property
    def name(self) -> str:
        """As in "F# minor"."""
        return f"{self.tonic} {self.mode}"


@dataclass(frozen=True)
class VoiceStretch:
    """A stretch in which people are heard."""

    start_seconds: float
    end_seconds: float
    kind: VoiceKind


@dataclass(frozen=True)
class Voice:
    """The voice of a song.

    Attributes:
        stretches: Rising, without overlap.
        fraction: Part of the song in which somebody sings or speaks, 0 to 1.
        median_f0_hz: Median pitch of voiced moments; None if there are none.
        low_f0_hz: Their 5th percentile.
        high_f0_hz: Their 95th.
        voiced_fraction: Part of the song in which a pitch was decided to be a voice's, 0 to 1.
    """

    stretches: tuple[VoiceStretch, ...]
    fraction: float
    median_f0_hz: float | None
    low_f0_hz: float | None
    high_f0_hz: float | None
    voiced_fraction: float

    def part(self, start_seconds: float, end_seconds: float, *kinds: VoiceKind) -> float:
        """How much of `[start, end)` is covered by these kinds of stretch (all kinds if none is named), 0 to 1."""
        length = end_seconds - start_seconds
        if length <= 0:
            return 0.0
        covered = sum(
            max(0.0, min(each.end_seconds, end_seconds) - max(each.start_seconds, start_seconds))
            for each in self.stretches
            if not kinds or each.kind in kinds
        )
        return min(1.0, covered / length)


@dataclass(frozen=True)
class Section:
    """A part of the song's form.

    Attributes:
        start_seconds: Where it begins.
        end_seconds: Where it ends, exclusive; the next begins there.
        label: "intro", "verse", "chorus", "bridge", "instrumental", "break", "outro", "speech" or "section".
        letter: Sections of the same material have the same letter, "A" for the first that is heard.
        level: How loud it is among the song's own sections.
        level_db: Mean level, dB relative to full scale.
        voice_fraction: Part of it with singing or speech, 0 to 1.
        onsets_per_second: Notes and strokes that begin in it, per second.
    """

    start_seconds: float
    end_seconds: float
    label: str
    letter: str
    level: Level
    level_db: float
    voice_fraction: float
    onsets_per_second: float


@dataclass(frozen=True)
class SongAnalysis:
    """Everything that was heard in a song.

    Attributes:
        duration_seconds: Its length.
        tempo: None if there is no beat (speech, noise, silence, too short).
        beats: None if there is no beat.
        key: None if no pitch class stands out.
        sections: At least one; they cover the song without gap.
        voice: Of the song, or of its vocal stem if one was given.
        level_db: RMS level of each second, dB relative to full scale, -120 for silence.
        onset_seconds: Where notes and strokes begin, rising.
    """

    duration_seconds: float
    tempo: Tempo | None
    beats: Beats | None
    key: Key | None
    sections: tuple[Section, ...]
    voice: Voice
    level_db: tuple[float, ...]
    onset_seconds: tuple[float, ...]

    @property
    def onsets_per_second(self) -> float:
        """Onset density of the whole song."""
        return len(self.onset_seconds) / self.duration_seconds if self.duration_seconds > 0 else 0.0

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {**asdict(self), "onsets_per_second": self.onsets_per_second}
