"""Where somebody sings: over plucked strings and drums, which never glide."""

from __future__ import annotations

import numpy as np
import pytest

from audio_loop.audio.analysis.song_analysis import Voice
from audio_loop.audio.analysis.voice import VoiceListener

from ....voices import HZ, plucked, sung


def heard(samples: np.ndarray, is_stem: bool = False, piece: int = 16_000) -> Voice:
    listener = VoiceListener(is_stem)
    for begin in range(0, len(samples), piece):
        listener.add(samples[begin : begin + piece].astype(np.float32))
    return listener.result()


def with_voice(seconds: float, start: int, end: int, gain: float = 1.0) -> np.ndarray:
    out = plucked(seconds, 3)
    out[start * HZ : end * HZ] += gain * sung(end - start, 4)
    return out


def test_strings_and_drums_alone_are_no_voice():
    found = heard(plucked(20, 1))
    assert found.stretches == ()
    assert found.fraction == 0
    assert found.median_f0_hz is None


@pytest.mark.parametrize("gain", [1.0, 2.0])
def test_the_sung_part_of_a_song_is_found(gain):
    found = heard(with_voice(24, 8, 16, gain))
    assert found.part(8.5, 15.5) > 0.9
    assert found.part(0, 7) == 0
    assert found.part(17, 24) == 0
    assert {each.kind for each in found.stretches} == {"singing"}


def test_pieces_of_any_length_give_the_same():
    song = with_voice(12, 4, 8)
    assert heard(song, piece=12 * HZ) == heard(song, piece=1234)


def test_silence_a_blink_and_nothing_at_all_have_no_voice():
    for samples in (np.zeros(5 * HZ), np.zeros(100), np.zeros(0), np.full(HZ, 0.5)):
        found = heard(samples)
        assert found.stretches == ()
        assert found.fraction == found.voiced_fraction == 0
