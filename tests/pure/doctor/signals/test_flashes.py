"""Flashes are told from steps and from a decoder's tiles, which flash each, and after the same number of frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.doctor.signals.flashes import find_flashes, flash_frames, irregular_flashes, without_flashes

FPS = 25.0


def _light(frames, starts, rise=10.0, decay_px=3.0, grain=0.1):
    level = grain * np.random.default_rng(1).standard_normal(frames)
    for start in starts:
        level[start:] += rise * np.exp(-np.arange(frames - start) / decay_px)
    return level


def test_a_flash_begins_with_its_rise_and_ends_when_it_is_gone():
    (flash,) = find_flashes(_light(100, [40]), FPS)
    assert flash.start_px == 40
    assert flash.rise == pytest.approx(10, abs=0.5)
    assert 45 <= flash.stop_px <= 53
    marked = flash_frames((flash,), 100)
    assert marked.sum() == flash.stop_px - 40
    assert marked[40]
    assert not marked[39]


def test_a_step_that_lasts_is_no_flash():
    level = _light(100, [])
    level[40:] += 10
    assert find_flashes(level, FPS) == ()


def test_a_fade_is_no_flash():
    assert find_flashes(np.linspace(0, 40, 100), FPS) == ()


def test_flashes_whenever_they_come_are_irregular():
    starts = [119, 195, 266, 336, 499]
    assert [flash.start_px for flash in irregular_flashes(_light(539, starts), FPS)] == starts


@pytest.mark.parametrize("starts", [[70], [70, 140], [71, 145, 220]])
def test_too_few_flashes_for_a_rhythm_are_irregular(starts):
    assert [flash.start_px for flash in irregular_flashes(_light(400, starts), FPS)] == starts


@given(period=st.integers(20, 90), first=st.integers(1, 60), lost=st.integers(0, 1))
def test_flashes_after_the_same_number_of_frames_are_regular(period, first, lost):
    starts = list(range(first, 600, period))
    del starts[2 : 2 + lost]
    assert irregular_flashes(_light(600, starts), FPS) == ()


def test_small_regular_ones_are_kept_among_large_irregular_ones():
    large = [97, 233, 391]
    level = _light(600, range(50, 600, 50), rise=5.0) + _light(600, large, rise=30.0)
    assert [flash.start_px for flash in irregular_flashes(level, FPS)] == large


def test_a_level_goes_straight_where_a_flash_was_and_keeps_what_lasts():
    level = _light(200, [60], grain=0.0)
    level[120:] += 7
    given_level = level.copy()
    rest = without_flashes(level, find_flashes(level, FPS))
    assert np.abs(rest[:120]).max() < 0.6
    assert rest[150] == pytest.approx(7)
    assert (level == given_level).all()


def test_a_flash_at_the_end_is_taken_out_to_the_end():
    level = _light(100, [94], grain=0.0)
    flashes = find_flashes(level, FPS)
    assert flashes
    assert np.isfinite(without_flashes(level, flashes)).all()
