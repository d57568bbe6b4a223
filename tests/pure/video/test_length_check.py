"""A video that is not as long as its song says so."""

from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.loop_control.plan import make_plan
from audio_loop.video.length_check import length_word


@pytest.mark.parametrize("fps", [25, 24, 30, "23.976", "12.5", 60])
@pytest.mark.parametrize("samples", [3 * 44100, 3 * 44100 - 1, 8_123_457])
def test_a_plan_at_its_own_rate_needs_no_word(fps, samples):
    plan = make_plan(audio_samples=samples, sample_rate=44100, window_seconds=2.2, overlap_seconds=0.36, fps=fps)
    assert length_word(plan.frames_delivered, plan.fps, samples, 44100) == ""


def test_another_rate_than_the_plan_has_is_told():
    word = length_word(75, Fraction(24), 3 * 44100, 44100)
    assert word.startswith("75 frames at 24 fps last 3.125 s, the song 3.0 s: fps must be the plan's")
    word = length_word(75, Fraction(30), 3 * 44100, 44100)
    assert word.startswith("75 frames at 30 fps last 2.5 s, the song 3.0 s: right if only a part was asked for; else set fps")
    # Four minutes at 23.976 in place of 24 are six frames.
    assert "last 240.24 s, the song 240.0 s" in length_word(5760, Fraction(24000, 1001), 240 * 44100, 44100)


def test_one_frame_is_the_bound():
    assert length_word(76, Fraction(25), 3 * 44100, 44100) == length_word(74, Fraction(25), 3 * 44100, 44100) == ""
    assert length_word(77, Fraction(25), 3 * 44100, 44100) != "" != length_word(73, Fraction(25), 3 * 44100, 44100)
