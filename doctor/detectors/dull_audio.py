"""The sound is dull: the consonants that shape a mouth, from 4 to 8 kHz, are too weak for the model to hear."""

from __future__ import annotations

from ...audio.reading.song_source import SongFile
from ...audio.reading.sound_file import SongError
from ...audio.sound_report.measure import measure
from ...audio.sound_report.sound_report import SoundReport
from ...audio.sound_report.verdicts.dull import LOWEST_LIMIT_HZ, MOST_GAP_DB, dull
from ..case import Case
from ..hearing.of_case import NO_SOUND
from ..seen import Figure, Seen, Stretch, Symptom

_SOURCE = "the sound report of this pack: more than 20 dB below the loudest band of a voice is too weak"
_SOURCE_OF_LIMIT = "the sound report of this pack: consonants lie from 4 to 8 kHz"
_MEANING = "how far 4 - 8 kHz lies below the loudest band of a voice"
_MEANING_OF_LIMIT = "edge above which nothing is left of the sound, up to 8 kHz"


def look(case: Case) -> Seen:
    """Measures the muxed sound, as the report of a song does."""
    report = _report(case)
    if isinstance(report, str):
        return Seen(
            (
                Figure("sibilance_gap_db", None, "dB", MOST_GAP_DB, _SOURCE, _MEANING, report),
                Figure("band_limit_hz", None, "Hz", LOWEST_LIMIT_HZ, _SOURCE_OF_LIMIT, _MEANING_OF_LIMIT, report),
            )
        )
    gap, limit = min(report.sibilance_gap_db, 99.0), report.band_limit_hz
    no_edge = "" if limit is not None else "there is no such edge"
    figures = (
        Figure("sibilance_gap_db", gap, "dB", MOST_GAP_DB, _SOURCE, _MEANING),
        Figure("band_limit_hz", limit, "Hz", LOWEST_LIMIT_HZ, _SOURCE_OF_LIMIT, _MEANING_OF_LIMIT, no_edge),
    )
    if (verdict := dull(report)) is None:
        return Seen(figures)
    by_limit = LOWEST_LIMIT_HZ / limit if limit else 0.0
    strength = max(1.0, gap / MOST_GAP_DB, by_limit)
    words = f"The sound is dull: {verdict.found}."
    facts = (("sibilance_gap_db", gap), *((("band_limit_hz", limit),) if limit is not None else ()))
    names = tuple(each.name for each in figures if each.value is not None)
    whole = Stretch(0.0, case.video.duration_seconds)
    return Seen(figures, (Symptom("dull_audio", strength, words, (whole,), names, facts),))


def _report(case: Case) -> SoundReport | str:
    if not case.video.has_sound:
        return NO_SOUND
    try:
        report = measure(SongFile(case.video.path))
    except (SongError, OSError) as error:
        return str(error)
    return "the sound is silent" if report.silence.is_all else report
