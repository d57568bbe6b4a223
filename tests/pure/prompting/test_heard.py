"""The kind of sound in a stretch, and with it what is done: lips move only for a voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.audio.analysis.song_analysis import VoiceStretch
from audio_loop.prompting.heard import LEAST_VOICE_PART, Ear
from audio_loop.prompting.vocabulary.actions import WITH_A_VOICE

from .songs import analysed


def heard(stretches, kind="music", instrument=None, bpm=100.0):
    ear = Ear(analysed([(0.0, "verse", "A", "loud"), (60.0,)], stretches, bpm=bpm), kind, instrument)
    return ear.heard(20.0, 40.0, is_first=False, is_last=False)


@pytest.mark.parametrize(
    ("stretches", "action"),
    [
        ([(0.0, 60.0, "singing")], "singing"),
        ([(21.0, 24.0, "singing"), (33.0, 38.0, "singing")], "singing"),
        ([(30.0, 50.0, "singing")], "singing comes in"),
        ([(10.0, 28.0, "singing")], "singing ends"),
        ([(29.0, 31.5, "singing")], "singing now and then"),
        ([(22.0, 23.0, "singing"), (36.0, 37.5, "singing")], "singing now and then"),
        ([(39.0, 60.0, "singing")], "music"),
        ([(0.0, 20.0, "singing"), (40.0, 60.0, "singing")], "music"),
        ([(0.0, 60.0, "speech")], "rapping"),
        ([(0.0, 60.0, "crowd")], "music"),
    ],
)
def test_a_song(stretches, action):
    assert heard(stretches) == action


def test_speech_without_a_beat_is_no_rap():
    assert heard([(0.0, 60.0, "speech")], bpm=None) == "talk"


def test_an_instrument_is_played_if_nobody_sings():
    assert heard([], instrument="guitar") == "playing"
    assert heard([(0.0, 60.0, "singing")], instrument="guitar") == "singing"


@pytest.mark.parametrize(
    ("stretches", "action"),
    [
        ([(20.0, 40.0, "speech")], "joke"),
        ([(20.0, 34.0, "speech"), (34.0, 40.0, "crowd")], "punchline"),
        ([(20.0, 25.0, "crowd"), (25.0, 40.0, "speech")], "after the laugh"),
        ([(20.0, 24.0, "speech"), (24.0, 40.0, "crowd")], "laugh"),
        ([(31.0, 40.0, "crowd")], "laugh"),
        ([], "silence"),
    ],
)
def test_stand_up(stretches, action):
    assert heard(stretches, kind="standup") == action


def test_a_talk():
    assert heard([(0.0, 60.0, "speech")], kind="dialogue") == "talk"
    assert heard([], kind="dialogue") == "listening"


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0.1, 9)), max_size=6),
    st.sampled_from(["music", "standup", "dialogue"]),
    st.sampled_from(["singing", "speech"]),
    st.floats(0, 50),
    st.floats(0.5, 20),
)
def test_lips_move_only_for_a_voice(drawn, kind, voice, start, length):
    stretches, end = [], 0.0
    for begin, seconds in sorted(drawn):
        stretches.append(VoiceStretch(max(begin, end), max(begin, end) + seconds, voice))
        end = stretches[-1].end_seconds
    analysis = analysed(
        [(0.0, "verse", "A", "loud"), (120.0,)], [(each.start_seconds, each.end_seconds, each.kind) for each in stretches]
    )
    found = Ear(analysis, kind, None).heard(start, start + length, is_first=False, is_last=False)
    part = analysis.voice.part(start, start + length)
    assert part >= LEAST_VOICE_PART if found in WITH_A_VOICE else part * length <= max(2.0, 1.2 * length * LEAST_VOICE_PART)
