"""The kind of thing that is heard in a stretch of a song, and so what a body does in its picture."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..audio.analysis.song_analysis import SongAnalysis, Voice, VoiceStretch
from .vocabulary.actions import Heard
from .wishes import Kind

LEAST_VOICE_PART = 0.1
LEAST_VOICE_SECONDS = 1.2
"""Somebody sings or talks in a stretch if a voice is heard in so much of it, and for so long; else lips stay closed.

Shorter sounds are too often an instrument's: on 60 songs in windows of 5 and 10 s, 0.5 s moved lips in 13 lines while nobody
sang, 1.2 s in none; in return 34 lines instead of 11 kept them closed while somebody did.
"""

MUCH_VOICE_PART = 0.3
"""From here on somebody sings or talks all through."""

COMES_IN_AFTER = 0.4
FALLS_SILENT_BEFORE = 0.6
"""A voice comes in if it is first heard behind this part of a stretch, and falls silent if it is last heard before that."""

LEAST_CROWD_PART = 0.05
MUCH_CROWD_PART = 0.4
MOSTLY_SPEECH = 2.0
"""So many times as much speech as singing is speech."""

TALK_FRACTION = 0.4
SURE_BEAT = 0.3
"""Confidence of a tempo from which on what is spoken over it is music."""

_FORMS: dict[str, tuple[Heard, Heard, Heard, Heard]] = {
    "singing": ("singing", "singing comes in", "singing ends", "singing now and then"),
    "rapping": ("rapping", "rapping comes in", "rapping ends", "rapping now and then"),
    "joke": ("joke", "joke comes in", "joke ends", "joke now and then"),
    "talk": ("talk", "talk comes in", "talk ends", "talk now and then"),
}


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
        voice = self._voice_in(start_seconds, end_seconds)
        sung, spoken = voice.part(start_seconds, end_seconds, "singing"), voice.part(start_seconds, end_seconds, "speech")
        part, length = sung + spoken, end_seconds - start_seconds
        has_voice = part >= LEAST_VOICE_PART and part * length >= min(LEAST_VOICE_SECONDS, length / 2)
        if self.kind == "standup" and (laughs := _crowd(voice, start_seconds, end_seconds, has_voice=has_voice)):
            return laughs
        if not has_voice:
            return self._silence(is_first=is_first, is_last=is_last)
        called = "talk"
        if self.kind == "standup":
            called = "joke"
        elif self.kind == "music":
            is_speech = spoken > MOSTLY_SPEECH * sung
            called = "singing" if not is_speech else "rapping" if has_beat(self.analysis) else "talk"
        stretches = [each for each in voice.stretches if each.kind != "crowd"]
        return _FORMS[called][_form(stretches, part, start_seconds, end_seconds)]

    def _silence(self, *, is_first: bool, is_last: bool) -> Heard:
        if self.kind == "standup":
            return "silence"
        if self.kind == "dialogue":
            return "listening"
        if self.instrument:
            return "playing"
        return "opening" if is_first else "ending" if is_last else "music"

    def _voice_in(self, start: float, end: float) -> Voice:
        """The voice with the stretches that reach into `[start, end)` alone: a long song has thousands of others."""
        voice = self.analysis.voice
        first = bisect_right(voice.stretches, start, key=lambda each: each.end_seconds)
        last = bisect_left(voice.stretches, end, key=lambda each: each.start_seconds)
        return replace(voice, stretches=voice.stretches[first:last])


def _crowd(voice: Voice, start: float, end: float, *, has_voice: bool) -> Heard | None:
    """The part that laughter plays, None if it plays none."""
    crowd, spoken = voice.part(start, end, "crowd"), voice.part(start, end, "singing", "speech")
    if crowd < LEAST_CROWD_PART:
        return None
    if not has_voice or (crowd >= MUCH_CROWD_PART and crowd > spoken):
        return "laugh"
    middle = (start + end) / 2
    return "punchline" if voice.part(middle, end, "crowd") >= voice.part(start, middle, "crowd") else "after the laugh"


def _form(stretches: Sequence[VoiceStretch], part: float, start: float, end: float) -> int:
    """Whether a voice is heard all through (0), comes in (1), falls silent (2), or is heard now and then (3)."""
    comes_in = (stretches[0].start_seconds - start) / (end - start) > COMES_IN_AFTER
    falls_silent = (stretches[-1].end_seconds - start) / (end - start) < FALLS_SILENT_BEFORE
    if comes_in != falls_silent:
        return 1 if comes_in else 2
    return 0 if part >= MUCH_VOICE_PART else 3


def kind_of(analysis: SongAnalysis, wished: Kind) -> Kind:
    """Music, unless somebody said otherwise: dialogue or stand-up if there is much speech and no sure beat."""
    if wished != "auto":
        return wished
    voice, end = analysis.voice, analysis.duration_seconds
    spoken, sung = voice.part(0.0, end, "speech"), voice.part(0.0, end, "singing")
    if spoken < TALK_FRACTION or spoken <= MOSTLY_SPEECH * sung or has_beat(analysis):
        return "music"
    return "standup" if voice.part(0.0, end, "crowd") >= LEAST_CROWD_PART else "dialogue"


def has_beat(analysis: SongAnalysis) -> bool:
    """True if a beat is heard for sure."""
    return analysis.tempo is not None and analysis.tempo.confidence >= SURE_BEAT
