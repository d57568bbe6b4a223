"""The sound of the video begins earlier or later than the song, or is not the song at all."""

from __future__ import annotations

from ..case import Case
from ..hearing.noticed import ALLOWED, in_words
from ..hearing.of_case import NO_SOUND, NOT_THE_SONG, beside_song
from ..hearing.sound_beside_song import LEAST_MATCH, SoundBesideSong
from ..seen import Curve, Figure, Seen, Stretch, Symptom

ANOTHER_SONG = 8.0
"""Strength if the sound is missing or another song: beyond any offset that a viewer would try to put right."""

_MEANING = "by how much the sound is later than the song at the first frame; below 0 it is earlier"
_SIGMAS = 3.0


def look(case: Case) -> Seen:
    """Compares the muxed sound with the song, see `hearing.sound_beside_song`."""
    beside = beside_song(case)
    if isinstance(beside, str):
        symptoms: tuple[Symptom, ...] = ()
        if beside == NO_SOUND and case.song is not None:
            words = f"The video was made for {case.song.name}, but it has no sound track."
            symptoms = (Symptom("audio_offset", ANOTHER_SONG, words, (_whole(case),), ("audio_offset_ms",)),)
        return Seen(
            (
                Figure("audio_offset_ms", None, "ms", ALLOWED.limit_ms(0), ALLOWED.source, _MEANING, beside),
                Figure("audio_match", None, "", LEAST_MATCH, _SOURCE_OF_MATCH, _MEANING_OF_MATCH, beside),
            ),
            symptoms,
        )
    figures = _figures(beside)
    if not beside.is_same:
        words = (
            f"The sound is not that of {case.song.name if case.song else 'the song'}: what begins when matches by "
            f"{beside.match:.2f} only, and its pieces are not found there."
        )
        facts = (("match", beside.match),)
        return Seen(figures, (Symptom("audio_offset", ANOTHER_SONG, words, (_whole(case),), ("audio_match",), facts),))
    curve = Curve(
        "Sound against the song",
        "ms later",
        tuple(at for at, _ in beside.points),
        tuple(late for _, late in beside.points),
        ALLOWED.limit_ms(beside.offset_ms),
    )
    strength = ALLOWED.times(beside.offset_ms)
    sure = abs(beside.offset_ms) - _SIGMAS * beside.offset_error_ms > abs(ALLOWED.limit_ms(beside.offset_ms))
    if strength < 1 or not sure:
        return Seen(figures, (), (curve,))
    words = f"The sound is {in_words(beside.offset_ms)} against the song, by its first frame."
    facts = (("offset_seconds", beside.offset_ms / 1000),)
    symptom = Symptom("audio_offset", strength, words, (_whole(case),), ("audio_offset_ms", "audio_match"), facts)
    return Seen(figures, (symptom,), (curve,))


_SOURCE_OF_MATCH = "made songs that differ stay below 0.6; below this, and without pieces that are equal, it is another"
_MEANING_OF_MATCH = "mean correlation of what begins when in the sound and in the song, 1 for the same sound"


def _figures(beside: SoundBesideSong) -> tuple[Figure, ...]:
    another = "" if beside.is_same else NOT_THE_SONG
    offset, error = (None, None) if another else (beside.offset_ms, beside.offset_error_ms)
    return (
        Figure("audio_offset_ms", offset, "ms", ALLOWED.limit_ms(beside.offset_ms), ALLOWED.source, _MEANING, another),
        Figure("audio_offset_error_ms", error, "ms", None, "", "standard error of the offset", another),
        Figure("audio_match", beside.match, "", LEAST_MATCH, _SOURCE_OF_MATCH, _MEANING_OF_MATCH),
        Figure("audio_agreement", beside.agreeing, "", None, "", "part of the pieces that lie where the others say"),
    )


def _whole(case: Case) -> Stretch:
    return Stretch(0.0, case.video.duration_seconds)
