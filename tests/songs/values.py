"""What a song is before it sounds, and what it is afterwards, with the truth about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from audio_loop.audio.analysis.song_analysis import VoiceStretch

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Note:
    """One note or stroke of a track; `velocity` is its amplitude, 1 for the track's own level."""

    track: str
    instrument: str
    start_seconds: float
    seconds: float
    midi: float
    velocity: float


@dataclass(frozen=True)
class Syllable:
    """One sung syllable: a consonant, then a vowel on a pitch that is reached from `from_midi`."""

    start_seconds: float
    seconds: float
    midi: float
    from_midi: float
    consonant: str
    vowel: str
    velocity: float


@dataclass(frozen=True)
class Mix:
    """How the tracks become a song: track -> level in dB and place from -1 (left) to 1."""

    level_db: dict[str, float]
    place: dict[str, float]
    reverb_seconds: float
    reverb_db: float
    noise_db: float
    fade_out_seconds: float
    singer_formants: float


@dataclass(frozen=True)
class Score:
    notes: tuple[Note, ...]
    syllables: tuple[Syllable, ...]
    mix: Mix
    duration_seconds: float
    seed: int


@dataclass(frozen=True)
class TrueSection:
    """A part of the form, `[start, end)`; sections of the same material have the same letter."""

    start_seconds: float
    end_seconds: float
    label: str
    letter: str


@dataclass(frozen=True)
class SyntheticSong:
    """A song and the truth about it.

    Attributes:
        samples: (N,) float32, mono, at 16 kHz, peak at most 1.
        tempo_bpm: Median tempo of the notated beat.
        beats, downbeats: Seconds, rising.
        tonic: One of `PITCH_CLASSES`.
        sections: They cover [0, duration) without gap.
        voice: Phrases in which somebody sings, rising; pauses for breath of 0.3 s and more lie between them.
        drums: Whether a drum kit plays anywhere.
        kicks: Seconds of all strokes of the bass drum, as played.
    """

    seed: int
    samples: Samples
    tempo_bpm: float
    beats_per_bar: int
    beats: tuple[float, ...]
    downbeats: tuple[float, ...]
    tonic: str
    mode: str
    sections: tuple[TrueSection, ...]
    voice: tuple[VoiceStretch, ...]
    drums: bool
    kicks: tuple[float, ...]
    score: Score = field(repr=False)
    sing_and_play: Callable[..., Samples] = field(repr=False)

    sample_rate = 16_000

    @property
    def duration_seconds(self) -> float:
        return len(self.samples) / self.sample_rate

    def rendered(self, sample_rate: int = 44_100, channels: int = 2) -> Samples:
        """The same song, (channels, N) float32, 1 or 2 channels."""
        return self.sing_and_play(self.score, sample_rate, channels)

    def stem(self, *tracks: str) -> Samples:
        """Only these tracks, (N,) at 16 kHz as they are in the mix: "voice", or the names in `score.mix.level_db`."""
        return self.sing_and_play(self.score, self.sample_rate, 1, tracks)[0]
