"""Trends: how much, and whether chance could do it."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.drift.parts import DriftPiece
from audio_loop.doctor.drift.tones import Tones, agreement
from audio_loop.doctor.drift.trend import rank_chance, stitched, trend_of
from audio_loop.doctor.signals.robust import spread_of


def parts(count, frames=100, windows=True):
    return [DriftPiece(k * frames, (k + 1) * frames, k if windows else None, 0) for k in range(count)]


@pytest.mark.parametrize("values", [(1, 2, 3, 4, 5), (2, 1, 3, 5, 4), (5, 4, 2, 3, 1), (3, 1, 4, 2, 5)])
def test_the_chance_of_a_rank_order_is_that_of_all_orders_counted(values):
    def score(order):
        return sum(np.sign(b - a) for a, b in itertools.combinations(order, 2))

    as_far = sum(abs(score(order)) >= abs(score(values)) for order in itertools.permutations(values))
    assert rank_chance(np.array(values)) == pytest.approx(min(1.0, as_far / math.factorial(5)))


def test_many_pieces_follow_the_normal_law():
    assert rank_chance(np.arange(11.0)) < 1e-4
    alternating = np.array([0, 1] * 8, float)
    assert rank_chance(alternating) > 0.2


def test_a_line_with_outliers_has_its_slope():
    frames = np.arange(0, 1000, 10)
    values = frames / 1000 + np.where(frames % 130 == 0, 5.0, 0.0)
    trend = trend_of(frames, values, parts(10), 10)
    assert trend.total == pytest.approx(0.9, abs=0.05)
    assert trend.per_minute == pytest.approx(0.6, abs=0.05)
    assert trend.is_real


def test_chance_is_no_trend():
    frames = np.arange(0, 1000, 10)
    real = sum(trend_of(frames, np.random.default_rng(seed).normal(size=100), parts(10), 10).is_real for seed in range(200))
    assert real <= 20


def test_what_returns_at_joins_has_no_trend_but_a_return():
    frames = np.arange(1000)
    trend = trend_of(frames, (frames % 100) / 100, parts(10), 10)
    assert abs(trend.total) < 1e-9
    assert trend.back_at_joins == pytest.approx(0.9, abs=0.02)
    assert trend_of(frames, (frames % 100) / 100, parts(10, windows=False), 10).back_at_joins == 0


def test_a_single_step_is_a_cut_and_steps_of_windows_are_a_drift():
    frames = np.arange(0, 1000, 25)
    assert not trend_of(frames, np.where(frames < 500, 0.0, 1.0), parts(10), 10).is_real
    assert trend_of(frames, np.floor(frames / 200), parts(10), 10).is_real


def test_a_place_that_returns_begins_at_its_own_level():
    values = np.array([0, 0, 0, 7, 7, 7, 9, 0.5, 0.5])
    assert stitched(values, np.array([0, 0, 0, 1, 1, 1, 1, 0, 0])).tolist() == [0, 0, 0, -1, -1, -1, 1, 0.5, 0.5]


def test_sections_are_moved_onto_each_other():
    values = np.array([0, 0, 0, 0, 9, 7, 7, 7, 7, 8.0])  # a second behind the cut it is as it will be
    assert stitched(values, np.array([0] * 4 + [1] * 6)).tolist() == [0, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    assert values[4] == 9


def test_of_few_values_no_single_step_is_told():
    frames, values = np.arange(0, 500, 100), np.array([0.0, 0.0, 1.0, 1.0, 1.0])
    assert trend_of(frames, values, parts(5), 10).at_once == 0
    twice = trend_of(np.arange(0, 500, 50), np.repeat(values, 2), parts(5), 10)
    assert twice.at_once > 0.8


def test_where_no_region_can_be_trusted_none_agrees():
    frames = np.arange(0, 600, 10)
    line = np.tile(frames[:, None] / 600, (1, 3))
    tones = Tones(frames, tuple(parts(6)), None, None, None, line, np.ones(3), None)
    assert agreement(tones, trend_of(frames, line[:, 0], parts(6), 10).total, 10) == 1
    assert agreement(replace(tones, region_weight=np.zeros(3)), 1.0, 10) == 0


def test_no_values_have_no_spread():
    assert spread_of(np.zeros(0)) == 0
    assert spread_of(np.array([1.0, 2.0, 4.0])) == pytest.approx(1.4826)
