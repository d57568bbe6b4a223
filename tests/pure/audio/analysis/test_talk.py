"""Talk is divided by its long pauses."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.song_analysis import Beats, Voice, VoiceStretch
from audio_loop.audio.analysis.talk import is_talk, talk_begins

from ....speech import sentences, spoken


def voice(*stretches, fraction=0.8):
    return Voice(tuple(VoiceStretch(*each) for each in stretches), fraction, None, None, None, 0.0)


def test_a_part_begins_with_the_voice_behind_a_long_pause():
    heard = voice((0, 20, "speech"), (20.5, 30, "speech"), (30, 34, "crowd"), (34, 60, "speech"))
    assert talk_begins(heard, 60.0) == (0.0, 34)


def test_a_part_is_no_shorter_than_eight_seconds():
    heard = voice((0, 20, "speech"), (24, 26, "speech"), (29, 50, "speech"), (53, 57, "speech"))
    assert talk_begins(heard, 57.0) == (0.0, 24)


def test_without_a_pause_there_is_one_part():
    assert talk_begins(voice((0.5, 300, "speech")), 300.0) == (0.0,)
    assert talk_begins(voice(), 10.0) == (0.0,)


def test_what_has_a_beat_or_little_voice_is_no_talk():
    beat = Beats((0.0, 0.5, 1.0), (0,), 4)
    assert is_talk(None, voice(fraction=0.6))
    assert not is_talk(beat, voice(fraction=0.6))
    assert not is_talk(None, voice(fraction=0.1))


def test_spoken_sentences_are_divided_at_their_long_pauses():
    texts = sentences("en-us")
    said = [np.concatenate([spoken(text), np.zeros(4_000, np.float32)]) for text in texts]
    pause = np.zeros(48_000, np.float32)
    samples = np.concatenate([*said, pause, *said, pause, *said]).astype(np.float32)
    block = sum(len(each) for each in said) / 16_000
    found = analyse([samples]).sections
    assert [each.start_seconds for each in found] == pytest.approx([0.0, block + 3.0, 2 * (block + 3.0)], abs=0.7)
    assert [each.letter for each in found] == ["A", "B", "C"]
