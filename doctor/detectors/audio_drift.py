"""The sound runs slower or faster than the song, so that it is further off at the end than at the beginning."""

from __future__ import annotations

from ..case import Case
from ..hearing.noticed import ALLOWED, SONG_MINUTES, in_words, size_in_words
from ..hearing.of_case import NOT_THE_SONG, beside_song
from ..seen import Figure, Seen, Stretch, Symptom

_SOURCE = f"off by the limit at the end, or after {SONG_MINUTES:.0f} minutes if it is shorter; {ALLOWED.source}"
_MEANING = "by how much the offset between sound and song grows in a minute; below 0 the sound runs faster"
_MEANING_OF_CHANGE = "by how much the sound is later against the song at the last frame than at the first"
_SIGMAS = 3.0
_NAMES = ("audio_drift_ms_per_minute", "audio_drift_ms")


def look(case: Case) -> Seen:
    """Compares the muxed sound with the song, see `hearing.sound_beside_song`."""
    beside = beside_song(case)
    seconds = case.video.duration_seconds
    longest = max(seconds / 60, SONG_MINUTES)
    if isinstance(beside, str) or not beside.is_same:
        why = beside if isinstance(beside, str) else NOT_THE_SONG
        limit = ALLOWED.limit_ms(0) / longest
        return Seen(
            (
                Figure("audio_drift_ms_per_minute", None, "ms per minute", limit, _SOURCE, _MEANING, why),
                Figure("audio_drift_ms", None, "ms", None, "", _MEANING_OF_CHANGE, why),
            )
        )
    drift, error = beside.drift_ms_per_minute, beside.drift_error_ms_per_minute
    limit = ALLOWED.limit_ms(drift) / longest
    figures = (
        Figure("audio_drift_ms_per_minute", drift, "ms per minute", limit, _SOURCE, _MEANING),
        Figure("audio_drift_error_ms_per_minute", error, "ms per minute", None, "", "standard error of the drift"),
        Figure("audio_drift_ms", drift * seconds / 60, "ms", None, "", _MEANING_OF_CHANGE),
    )
    if abs(drift) - _SIGMAS * error < abs(limit):
        return Seen(figures)
    at_end = beside.late_ms_at(seconds)
    words = (
        f"The sound runs {'slower' if drift > 0 else 'faster'} than the song, by {size_in_words(drift)} each minute; "
        f"it is {in_words(at_end)} at the end."
    )
    facts = (("drift_ms_per_minute", drift), ("speed", 1 - drift / 60_000), ("offset_at_end_ms", at_end))
    return Seen(figures, (Symptom("audio_drift", drift / limit, words, (Stretch(0.0, seconds),), _NAMES, facts),))
