"""A part of a song is told as the song would be that begins and ends there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.audio.analysis.cutting import cut
from audio_loop.audio.analysis.song_analysis import Beats, Key, Section, SongAnalysis, Tempo, Voice, VoiceStretch


def section(start, end, label, letter):
    return Section(start, end, label, letter, "medium", -20.0, 0.5, 2.0)


SONG = SongAnalysis(
    duration_seconds=100.0,
    tempo=Tempo(120.0, 0.9, 60.0),
    beats=Beats(tuple(index / 2 for index in range(200)), tuple(range(1, 200, 4)), 4),
    key=Key("A", "minor", 0.8),
    sections=(
        section(0.0, 20.0, "intro", "A"),
        section(20.0, 50.0, "verse", "B"),
        section(50.0, 80.0, "chorus", "C"),
        section(80.0, 100.0, "verse", "B"),
    ),
    voice=Voice(
        (VoiceStretch(22.0, 48.0, "singing"), VoiceStretch(60.0, 70.0, "crowd"), VoiceStretch(75.0, 90.0, "speech")),
        0.41,
        220.0,
        110.0,
        440.0,
        0.3,
    ),
    level_db=tuple(float(-second) for second in range(100)),
    onset_seconds=tuple(float(second) for second in range(100)),
)


def test_the_whole_song_is_the_song():
    assert cut(SONG, 0.0, 100.0) is SONG


def test_everything_moves_to_the_cut():
    part = cut(SONG, 30.25, 90.0)
    assert part.duration_seconds == 59.75
    assert part.beats.seconds[:2] == (0.25, 0.75)
    assert part.beats.downbeats[0] == 0.25
    assert [beat + 30.25 for beat in part.beats.downbeats] == [beat for beat in SONG.beats.downbeats if 30.25 <= beat < 90]
    assert part.onset_seconds[0] == 0.75
    assert (part.level_db[0], len(part.level_db)) == (-30.0, 60)
    assert [(each.start_seconds, each.end_seconds, each.label) for each in part.sections] == [
        (0.0, 19.75, "verse"),
        (19.75, 49.75, "chorus"),
        (49.75, 59.75, "verse"),
    ]
    # The first that is heard is A again, and the same material keeps one letter.
    assert [each.letter for each in part.sections] == ["A", "B", "A"]
    assert [(each.start_seconds, each.end_seconds, each.kind) for each in part.voice.stretches] == [
        (0.0, 17.75, "singing"),
        (29.75, 39.75, "crowd"),
        (44.75, 59.75, "speech"),
    ]
    # A laughing crowd is nobody who sings or speaks.
    assert part.voice.fraction == pytest.approx((17.75 + 15) / 59.75)
    assert part.sections[1].voice_fraction == pytest.approx(5 / 30)
    assert part.sections[0].onsets_per_second == pytest.approx(19 / 19.75)
    assert (part.tempo, part.key, part.voice.median_f0_hz) == (SONG.tempo, SONG.key, 220.0)


def test_a_sliver_of_a_section_is_none():
    part = cut(SONG, 19.2, 81.0)
    assert [(each.start_seconds, each.label) for each in part.sections] == [(0.0, "verse"), (pytest.approx(30.8), "chorus")]
    assert part.sections[-1].end_seconds == part.duration_seconds == pytest.approx(61.8)


def test_a_part_of_a_second_has_one_section():
    part = cut(SONG, 49.5, 50.4)
    assert [(each.start_seconds, each.end_seconds, each.label) for each in part.sections] == [
        (0.0, pytest.approx(0.9), "verse")
    ]
    assert cut(SONG, 99.9, 100.0).sections[0].label == "verse"
    assert cut(SONG, 0.1, 0.2).beats is None


@pytest.mark.parametrize(("start", "stop"), [(-1.0, 5.0), (5.0, 5.0), (5.0, 101.0)])
def test_what_is_no_part_is_refused(start, stop):
    with pytest.raises(ValueError, match="no part of a song of 100"):
        cut(SONG, start, stop)


def test_a_cut_of_a_song_without_beats_has_none_either():
    part = cut(replace(SONG, beats=None), 30.25, 90.0)
    assert part.beats is None
    assert part.duration_seconds == 59.75


@pytest.mark.parametrize(("start", "end"), [(10.0, 10.0), (20.0, 10.0)])
def test_no_time_at_all_has_no_part_with_a_voice(start, end):
    assert SONG.voice.part(start, end) == 0
    assert SONG.voice.part(0.0, 100.0) > 0
