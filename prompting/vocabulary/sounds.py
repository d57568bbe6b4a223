"""The sentence on what is heard, which the model reads beside the sound itself."""

from __future__ import annotations

from collections.abc import Mapping

from ...audio.analysis.song_analysis import Level, Section, Tempo
from ..wishes import Kind
from .actions import WITH_A_VOICE, Heard

SLOW_BELOW_BPM, FAST_FROM_BPM = 88.0, 128.0

_PASSAGES = {
    **{label: label for label in ("intro", "verse", "chorus", "bridge", "break", "outro")},
    "instrumental": "instrumental part",
}
_SUNG: Mapping[Level, str] = {"quiet": "a soft voice", "medium": "a clear voice", "loud": "a strong voice"}
_SUNG_BY_SEVERAL: Mapping[Level, str] = {"quiet": "soft voices", "medium": "clear voices", "loud": "strong voices"}


def sound_sentence(kind: Kind, heard: Heard, section: Section, tempo: Tempo | None, *, several: bool) -> str:
    """The sound of an entry, in one sentence."""
    if kind == "music":
        return f"Sound: {_with_article(_passage(section, tempo))} {_voice(heard, section, several=several)}".strip() + "."
    if heard in ("punchline", "after the laugh"):
        return "Sound: one voice and an audience laughing."
    if heard == "laugh":
        return "Sound: an audience laughing."
    if heard not in WITH_A_VOICE:
        return "Sound: a quiet room."
    return f"Sound: {'clear voices' if several else 'a clear voice'} in a quiet room."


def _passage(section: Section, tempo: Tempo | None) -> str:
    level = "" if section.level == "medium" else section.level
    speed = "" if tempo is None else "slow" if tempo.bpm < SLOW_BELOW_BPM else "fast" if tempo.bpm >= FAST_FROM_BPM else ""
    adjectives = ", ".join(word for word in (level, speed) if word)
    return f"{adjectives} {_PASSAGES.get(section.label, 'passage of music')}".strip()


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _voice(heard: Heard, section: Section, *, several: bool) -> str:
    if heard not in WITH_A_VOICE:
        return "with instruments only" if section.label != "instrumental" else ""
    if heard.startswith("rapping"):
        return "with a rapping voice"
    if heard.startswith("talk"):
        return "with a talking voice"
    return f"with {(_SUNG_BY_SEVERAL if several else _SUNG)[section.level]}"
