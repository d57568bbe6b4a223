"""The sound is dull: 4 to 8 kHz, the consonants that shape a mouth, is too weak, in the file only or in the song itself."""

from __future__ import annotations

from ...audio.reading.song_source import SongFile
from ...audio.reading.sound_file import SongError
from ...audio.sound_report.bands import BANDS, PRESENCE, SIBILANCE
from ...audio.sound_report.measure import measure
from ...audio.sound_report.sound_report import SoundReport
from ...audio.sound_report.verdicts.dull import LOWEST_LIMIT_HZ, MOST_GAP_DB, dull
from ..case import Case
from ..hearing.of_case import NO_SOUND, lost_bands_db, sound_of
from ..seen import Figure, Seen, Stretch, Symptom

MOST_LOST_DB = 4.0
SILENT_GAP_DB = 32.0
"""Beyond this there is nothing left to hear, whatever it is."""

STEEPEST_DB = 13.0
"""Voices and music become weaker towards high notes evenly; what is cut off or turned down has an edge."""

_SOURCE_OF_LOST = "3 dB in a band of one or two octaves are heard without comparison (Bücklein 1981), and 1 dB for the encoder"
_SOURCE_OF_GAP = (
    f"the sound report of this pack: from {MOST_GAP_DB:.0f} dB on consonants are too weak; music alone may have 25, so below "
    f"{SILENT_GAP_DB:.0f} dB an edge at 4 kHz must be there too"
)
_SOURCE_OF_EDGE = "measured on synthetic speech and songs: up to 11 dB as they are"
_SOURCE_OF_LIMIT = "the sound report of this pack: consonants lie from 4 to 8 kHz"
_MOST = 99.0


def look(case: Case) -> Seen:
    """Measures the muxed sound as the report of a song does, and compares it with the song."""
    report = _report(case)
    if isinstance(report, str):
        return Seen(_figures(None, report, ""))
    lost = lost_bands_db(case)
    lost_db = lost if isinstance(lost, str) else min(lost[BANDS.index(SIBILANCE)], _MOST)
    figures = _figures(report, "", lost_db)
    names = tuple(each.name for each in figures if each.value is not None)
    whole = (Stretch(0.0, case.video.duration_seconds),)
    gap, limit = min(report.sibilance_gap_db, _MOST), report.band_limit_hz
    if not isinstance(lost_db, str) and lost_db >= MOST_LOST_DB:
        words = (
            f"The sound of the video is duller than its song: {lost_db:.0f} dB of what lies from 4 to 8 kHz were lost after "
            "the song was read."
        )
        facts = (("lost_db", lost_db), ("sibilance_gap_db", gap))
        return Seen(figures, (Symptom("dull_audio", lost_db / MOST_LOST_DB, words, whole, names, facts),))
    verdict = dull(report)
    is_cut = limit is not None and limit < LOWEST_LIMIT_HZ
    if verdict is None or not (is_cut or gap >= SILENT_GAP_DB or _edge_db(report) >= STEEPEST_DB):
        return Seen(figures)
    of_song = "" if isinstance(lost_db, str) else "; so is the song"
    strength = max(1.0, gap / MOST_GAP_DB, LOWEST_LIMIT_HZ / limit if limit else 0.0)
    facts = (("sibilance_gap_db", gap), *((("band_limit_hz", limit),) if limit is not None else ()))
    words = f"The sound is dull{of_song}: {verdict.found}."
    return Seen(figures, (Symptom("dull_audio", strength, words, whole, names, facts),))


def _edge_db(report: SoundReport) -> float:
    """How much weaker 4 - 8 kHz is than 1.5 - 4 kHz."""
    levels = dict(zip(BANDS, report.band_levels_db, strict=True))
    return min(levels[PRESENCE] - levels[SIBILANCE], _MOST)


def _figures(report: SoundReport | None, why: str, lost_db: float | str) -> tuple[Figure, ...]:
    gap = None if report is None else min(report.sibilance_gap_db, _MOST)
    edge = None if report is None else _edge_db(report)
    limit = None if report is None else report.band_limit_hz
    no_limit = why or ("" if limit is not None else "there is no such edge")
    lost, not_lost = (None, why or lost_db) if isinstance(lost_db, str) else (lost_db, "")
    return (
        Figure("sibilance_gap_db", gap, "dB", MOST_GAP_DB, _SOURCE_OF_GAP, _GAP, why),
        Figure("sibilance_edge_db", edge, "dB", STEEPEST_DB, _SOURCE_OF_EDGE, _EDGE, why),
        Figure("band_limit_hz", limit, "Hz", LOWEST_LIMIT_HZ, _SOURCE_OF_LIMIT, _LIMIT, no_limit),
        Figure("sibilance_lost_db", lost, "dB", MOST_LOST_DB, _SOURCE_OF_LOST, _LOST, not_lost),
    )


_GAP = "how far 4 - 8 kHz lies below the loudest band of a voice"
_EDGE = "how far 4 - 8 kHz lies below 1.5 - 4 kHz"
_LIMIT = "edge above which nothing is left of the sound, up to 8 kHz; a symptom below the threshold"
_LOST = "how much of 4 - 8 kHz was lost between the song and the video, against 300 - 800 Hz"


def _report(case: Case) -> SoundReport | str:
    """The report of the muxed sound; or why there is none, in words."""
    if not case.video.has_sound:
        return NO_SOUND
    if isinstance(heard := sound_of(case), str):
        return heard
    try:
        report = measure(SongFile(case.video.path))
    except (SongError, OSError) as error:
        return str(error)
    return "the sound is silent" if report.silence.is_all else report
