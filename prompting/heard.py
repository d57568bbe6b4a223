"""The kind of thing that is heard in a stretch of a song, and so what a body does in its picture."""

from __future__ import annotations

from dataclasses import dataclass

from ..audio.analysis.song_analysis import SongAnalysis
from .vocabulary.actions import Heard
from .wishes import Kind

LEAST_VOICE_PART = 0.15
LEAST_VOICE_SECONDS = 1.0
"""Somebody sings or talks in a stretch if a voice is heard in so much of it, and for so long."""

LEAST_CROWD_PART = 0.05
MOSTLY_SPEECH = 2.0
"""So many times as much speech as singing is speech."""

TALK_FRACTION = 0.4
SURE_BEAT = 0.3
"""Confidence of a tempo from which on what is spoken over it is music."""


@dataclass(frozen=True)
class Ear:
    """A song, as far as it decides what people in the picture do.

    Attributes:
        analysis: What was heard.
        kind: Music, stand-up or dialogue; not "auto".
        instrument: The one that is played in the picture; None if none is known.
    """

    analysis: SongAnalysis
    kind: Kind
    instrument: str | None

    def heard(self, start_seconds: float, end_seconds: float, *, is_first: bool, is_last: bool) -> Heard:
        """The kind of sound in `[start, end)`; the first and the last stretch of a song may open and end it."""
        has_voice, is_speech = self._voice(start_seconds, end_seconds)
        if self.kind == "standup":
            crowd = self.analysis.voice.part(start_seconds, end_seconds, "crowd")
            return ("punchline" if crowd >= LEAST_CROWD_PART else "joke") if has_voice else "laugh"
        if self.kind == "dialogue":
            return "talk" if has_voice else "listening"
        if has_voice and is_speech:
            return "rapping" if _has_beat(self.analysis) else "talk"
        if has_voice:
            return "singing and playing" if self.instrument else "singing"
        if self.instrument:
            return "playing"
        return "ending" if is_last and not is_first else "opening" if is_first else "music"

    def _voice(self, start: float, end: float) -> tuple[bool, bool]:
        """Whether a voice is heard, and whether it speaks."""
        voice = self.analysis.voice
        part = voice.part(start, end, "singing", "speech")
        is_heard = part >= LEAST_VOICE_PART and part * (end - start) >= min(LEAST_VOICE_SECONDS, (end - start) / 2)
        return is_heard, voice.part(start, end, "speech") > MOSTLY_SPEECH * voice.part(start, end, "singing")


def kind_of(analysis: SongAnalysis, wished: Kind) -> Kind:
    """Music, unless somebody said otherwise: dialogue or stand-up if there is much speech and no sure beat."""
    if wished != "auto":
        return wished
    voice, end = analysis.voice, analysis.duration_seconds
    spoken, sung = voice.part(0.0, end, "speech"), voice.part(0.0, end, "singing")
    if spoken < TALK_FRACTION or spoken <= MOSTLY_SPEECH * sung or _has_beat(analysis):
        return "music"
    return "standup" if voice.part(0.0, end, "crowd") >= LEAST_CROWD_PART else "dialogue"


def _has_beat(analysis: SongAnalysis) -> bool:
    return analysis.tempo is not None and analysis.tempo.confidence >= SURE_BEAT
