"""A window unlike both its neighbours is odd; a new scene, a drift and a change for good are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.detectors.odd_window import look
from audio_loop.doctor.signals.window_looks import odd_windows
from audio_loop.tests.pure.doctor.detectors.made_frames import between, case_of, lively, planned, stepped

PLAN = planned(40)
EDGES = (0, *case_of(lively(1000, 0), plan=PLAN).cuts_px, 1000)


def _calm(seed=0):
    facts = lively(1000, seed, scenes=0)
    levels = {name: np.float32(np.mean(getattr(facts, name))) + 0 * facts.luma for name in ("luma", "contrast", "blue", "red")}
    return replace(facts, **levels, change=np.float32(0.2) * facts.change + np.float32(0.01))


def _odd(window, sizes, facts=None):
    return stepped(
        stepped(facts or _calm(), EDGES[window], sizes), EDGES[window + 1], {name: -size for name, size in sizes.items()}
    )


@pytest.mark.parametrize("sizes", [{"luma": 0.15}, {"red": 2.5, "blue": 1.5}, {"sharpness": 0.8}])
def test_a_window_of_another_look_is_named(sizes):
    (symptom,) = look(case_of(_odd(3, sizes), plan=PLAN)).symptoms
    assert dict(symptom.facts) == {"window": 3}
    assert symptom.stretches[0].window == 3
    assert (symptom.stretches[0].start_seconds, symptom.stretches[0].end_seconds) == (EDGES[3] / 25, EDGES[4] / 25)


def test_a_window_that_moves_otherwise_is_named():
    facts = _calm()
    change = facts.change.copy()
    change[EDGES[2] : EDGES[3]] *= 3
    (symptom,) = look(case_of(replace(facts, change=change), plan=PLAN)).symptoms
    assert "motion" in symptom.words
    assert dict(symptom.facts)["window"] == 2


@pytest.mark.parametrize(("ramp", "seen"), [(4, ["odd_window"]), (60, [])])
def test_a_pace_that_grows_by_and_by_is_content_and_not_odd(ramp, seen):
    facts = _calm()
    lively_from = EDGES[2] - ramp + ramp // 4
    rise = np.interp(np.arange(1000), [lively_from, lively_from + ramp, EDGES[3], EDGES[3] + 2], [0, 1, 1, 0])
    change = (0.012 * np.exp(1.2 * rise)).astype(np.float32)
    assert [symptom.kind for symptom in look(case_of(replace(facts, change=change), plan=PLAN)).symptoms] == seen


@pytest.mark.parametrize("seed", range(5))
def test_windows_of_one_video_are_not_odd(seed):
    seen = look(case_of(_calm(seed), plan=PLAN))
    assert seen.symptoms == ()
    assert 0 <= seen.figures[0].value < 1


def test_what_comes_and_goes_within_the_windows_is_content_and_not_odd():
    facts, size = _calm(), 60
    hump = np.zeros(1000)
    hump[EDGES[3] - size : EDGES[4] + size] = 1
    facts = replace(facts, luma=facts.luma + (0.1 * np.convolve(hump, np.ones(size) / size, "same")).astype(np.float32))
    assert look(case_of(facts, plan=PLAN)).symptoms == ()


@pytest.mark.parametrize("factor", [0.4, 2.5])
def test_a_window_that_moves_otherwise_for_most_of_its_time_is_lively_or_calm_and_not_odd(factor):
    facts = _calm()
    change = facts.change.copy()
    change[EDGES[2] : EDGES[2] + round(0.7 * (EDGES[3] - EDGES[2]))] *= np.float32(factor)
    assert look(case_of(replace(facts, change=change), plan=PLAN)).symptoms == ()


def test_a_change_for_good_is_not_odd():
    assert look(case_of(stepped(_calm(), EDGES[3], {"luma": 0.3}), plan=PLAN)).symptoms == ()


def test_a_scene_that_the_schedule_wants_is_not_odd():
    wanted = f"0:00: a woman sings\n0:{EDGES[3] / 25:05.2f}: a beach\n0:{EDGES[4] / 25:05.2f}: a woman sings again"
    assert look(case_of(_odd(3, {"luma": 0.3}), plan=PLAN, schedule=wanted)).symptoms == ()


def test_among_three_windows_none_is_odd():
    seen = look(case_of(lively(375, 0), plan=planned(15)))
    assert "3 windows" in seen.figures[0].not_measured
    assert "where the windows lie" in look(case_of(_calm())).figures[0].not_measured


@pytest.mark.parametrize(("plan", "windows"), [(None, 1), (planned(10), 2)])
def test_without_a_plan_or_with_too_few_windows_none_is_odd(plan, windows):
    oddness, by = odd_windows(case_of(between(_calm(), 0, 250), plan=plan))
    assert oddness.tolist() == [0] * windows
    assert by == ("",) * windows
