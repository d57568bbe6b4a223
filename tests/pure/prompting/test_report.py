"""What was heard and written, in words."""

from __future__ import annotations

from dataclasses import replace

from audio_loop.audio.analysis.song_analysis import Beats, Key
from audio_loop.prompting.default_plan import default_plan
from audio_loop.prompting.report import placement_in_words, song_in_words, written_report
from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule

from .songs import INSTRUMENTAL, SONG, analysed, planned


def test_the_report_says_what_was_heard_and_where_it_is_seen():
    song = replace(SONG, beats=Beats((0.5, 1.0), (0,), 4), key=Key("A", "minor", 0.8))
    written = write_schedule(song, planned(song), make_wishes(subject="A woman in red"))
    lines = written_report(song, planned(song), written).split("\n")
    assert lines[:4] == [
        "Length 3:25.00, 8 sections.",
        "Tempo 120.0 BPM (or 60.0), 4 beats a bar.",
        "Key A minor.",
        "A voice is heard in 0 % of it.",
    ]
    assert "      3    0:46.00       0:37.80  chorus C, loud, voice 97 %" in lines
    assert "12 lines for 12 windows." in lines
    assert "The picture changes 4.7 s from a section's beginning on average; these windows allow 4.7 s." in lines
    assert lines[-1].startswith("The outro from 3:12.00 to 3:25.00 is seen from 3:19.08, 7.1 s late")


def test_what_is_not_heard_is_said_too():
    song = replace(INSTRUMENTAL, tempo=None)
    lines = written_report(song, planned(song), write_schedule(song, planned(song), make_wishes())).split("\n")
    assert lines[1:4] == ["No beat is heard.", "No key stands out.", "No voice is heard."]


def test_without_a_plan_the_planners_defaults_hold():
    assert default_plan(16000 * 205, 16000) == planned(SONG)


def test_the_range_of_a_voice_is_told_if_it_is_known():
    voice = replace(SONG.voice, fraction=0.4, low_f0_hz=180.4, median_f0_hz=220.0, high_f0_hz=329.6)
    assert song_in_words(replace(SONG, voice=voice))[3] == "A voice is heard in 40 % of it, mostly 180 to 330 Hz."


def test_of_a_song_of_one_section_no_distance_to_others_is_told():
    song = analysed([(0.0, "verse", "A", "medium"), (60.0,)])
    written = write_schedule(song, planned(song), make_wishes())
    assert placement_in_words(song, planned(song), written) == ()
    assert "from a section's beginning" not in written_report(song, planned(song), written)
