"""The names of sections."""

from __future__ import annotations

from audio_loop.audio.analysis.labels import UnnamedSection, labels_of, levels_of


def part(letter, voice=0.8, level_db=-18.0, seconds=20.0, speech=0.0):
    return UnnamedSection(letter, seconds, level_db, voice, speech)


def test_names_follow_repetition_and_voice_not_loudness_alone():
    parts = [part("A", 0), part("B"), part("C", level_db=-17), part("B"), part("C"), part("D"), part("C"), part("E", 0)]
    assert labels_of(parts) == ("intro", "verse", "chorus", "verse", "chorus", "bridge", "chorus", "outro")
    softer = [
        part("A", 0),
        part("B"),
        part("C", level_db=-19),
        part("B"),
        part("C", level_db=-19),
        part("F", 0),
        part("C", level_db=-19),
    ]
    assert labels_of(softer) == ("intro", "verse", "chorus", "verse", "chorus", "instrumental", "chorus")


def test_what_nobody_sings_and_what_is_spoken():
    assert labels_of([part("A", 0)]) == ("section",)
    assert labels_of([part("A", 0.9, speech=0.9)]) == ("speech",)
    assert labels_of([part("A", 0), part("B", 0), part("A", 0)]) == ("intro", "instrumental", "outro")
    quiet = [part("A", 0), part("B", 0, level_db=-30, seconds=8), part("A", 0)]
    assert labels_of(quiet) == ("intro", "break", "outro")


def test_levels_are_among_the_songs_own():
    assert levels_of([part("A", level_db=-18), part("B", level_db=-26), part("C", level_db=-14)]) == ("medium", "quiet", "loud")
