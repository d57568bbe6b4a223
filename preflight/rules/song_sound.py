"""The song sounds as the model needs it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...loop_control.rates import clock_text
from ...workflow_graph.audit.rule import ERR, WARN, Finding, rule
from ..heard_song import HeardSong, heard_song
from ..listening import Listened
from ..subject import PlannedSubject


@rule(
    severity=WARN,
    summary="the song is neither dull, boomy, noisy, clipped nor silent",
    seen="the mouth does not follow the words",
    why="the mouth is made from what the audio encoder hears, at 16 kHz",
    mend="prepare the song with scripts/preprocess_audio_for_ltx.py, or export it again",
)
def song_sound(subject: PlannedSubject) -> Iterator[Finding]:
    """Hears the part of the song that is used; hints are left to Audio Report."""
    from ...audio.sound_report.judge import judged

    listen, song = subject.machine.listen, heard_song(subject.flow)
    if listen is None or song is None:
        return
    heard = listen(song.name, song.start_seconds, song.end_seconds)
    if heard is None:
        return
    for verdict in judged(heard.report):
        # What a node makes of the sound is not known; but nothing makes a song of silence, or numbers of none.
        if verdict.gravity == "hint" or (song.is_changed and verdict.gravity != "error"):
            continue
        message = f"{verdict.name}: {verdict.found}{_part(song, heard)}"
        severity = ERR if verdict.gravity == "error" else WARN
        yield Finding(song.loader, message, severity=severity, seen=verdict.seen, mend=verdict.mend_of(song.name))


def _part(song: HeardSong, heard: Listened) -> str:
    """Which part was heard, if it is not all of the file."""
    end = song.start_seconds + Fraction(heard.report.duration_seconds).limit_denominator(1000)
    is_cut = song.start_seconds > 0 or (song.end_seconds is not None and end >= song.end_seconds)
    if heard.is_whole and not is_cut:
        return ""
    which = "the part that is used" if heard.is_whole else "what was heard of it in a few seconds"
    return f" ({which}: {clock_text(song.start_seconds)} to {clock_text(end)})"
