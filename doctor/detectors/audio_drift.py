"""The sound runs slower or faster than the song, so that it is further off at the end than at the beginning."""

from __future__ import annotations

from ..case import Case
from ..hearing.noticed import SOURCE, in_words, noticed_ms, times_noticed
from ..hearing.of_case import beside_song
from ..seen import Figure, Seen, Stretch, Symptom

_SOURCE = f"the sound at the end moves by what is noticed: {SOURCE}"
_MEANING = "by how much the offset between sound and song grows in a minute; below 0 the sound runs faster"
_MEANING_OF_CHANGE = "by how much the sound is later against the song at the last frame than at the first"
_SIGMAS = 3.0


def look(case: Case) -> Seen:
    """Compares the muxed sound with the song, see `hearing.sound_beside_song`."""
    beside = beside_song(case)
    if isinstance(beside, str) or not beside.is_same:
        why = beside if isinstance(beside, str) else "the sound is not that of the song"
        return Seen(
            (
                Figure("audio_drift_ms_per_minute", None, "ms per minute", None, _SOURCE, _MEANING, why),
                Figure("audio_drift_ms", None, "ms", noticed_ms(0), _SOURCE, _MEANING_OF_CHANGE, why),
            )
        )
    minutes = case.video.duration_seconds / 60
    drift, error = beside.drift_ms_per_minute, beside.drift_error_ms_per_minute
    change = drift * minutes
    threshold = noticed_ms(change)
    per_minute = threshold / minutes if minutes else None
    figures = (
        Figure("audio_drift_ms_per_minute", drift, "ms per minute", per_minute, _SOURCE, _MEANING),
        Figure("audio_drift_error_ms_per_minute", error, "ms per minute", None, "", "standard error of the drift"),
        Figure("audio_drift_ms", change, "ms", threshold, _SOURCE, _MEANING_OF_CHANGE),
    )
    if times_noticed(change) < 1 or abs(change) - _SIGMAS * error * minutes < abs(threshold):
        return Seen(figures)
    at_end = beside.late_ms_at(case.video.duration_seconds)
    words = (
        f"The sound runs {'slower' if drift > 0 else 'faster'} than the song: {in_words(drift)} more each minute, "
        f"{in_words(at_end)} at the end."
    )
    late = case.video.duration_seconds
    begins = late * min(1.0, abs(threshold / change))
    stretch = Stretch(begins, late, case.window_at(len(case.video.frames) - 1))
    # The sound's own length over what it should be, which is what a wrong rate is told by.
    facts = (("drift_ms_per_minute", drift), ("speed", 1 - drift / 60_000), ("offset_at_end_ms", at_end))
    return Seen(figures, (Symptom("audio_drift", times_noticed(change), words, (stretch,), _NAMES, facts),))


_NAMES = ("audio_drift_ms_per_minute", "audio_drift_ms")
