"""A picture that grows slowly all the time, or in each window anew, creeps; moves that are asked for do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.detectors.zoom_creep import _off_by, look
from audio_loop.tests.pure.doctor.detectors.made_frames import case_of, lively, planned

PLAN = planned(40)
CUTS = case_of(lively(1000, 0), plan=PLAN).cuts_px


def _creeping(per_second, seed=0):
    facts = lively(1000, seed, scenes=2)
    return replace(facts, zoom_per_second=facts.zoom_per_second + np.float32(per_second))


@pytest.mark.parametrize("per_second", [0.012, -0.012])
def test_a_steady_zoom_is_told_with_its_speed(per_second):
    seen = look(case_of(_creeping(per_second), plan=PLAN))
    (symptom,) = seen.symptoms
    assert dict(symptom.facts)["zoom_percent_per_second"] == pytest.approx(100 * per_second, rel=0.15)
    assert symptom.strength == pytest.approx(2, rel=0.15)
    assert ("grows" in symptom.words) == (per_second > 0)


def test_what_snaps_back_at_each_join_creeps_too():
    facts = _creeping(0.012)
    zoom = facts.zoom_per_second.copy()
    zoom[list(CUTS)] -= np.float32(0.06 * 25)
    assert look(case_of(replace(facts, zoom_per_second=zoom), plan=PLAN)).symptoms


@pytest.mark.parametrize("seed", range(5))
def test_a_camera_that_sways_does_not_creep(seed):
    assert look(case_of(_creeping(0, seed), plan=PLAN)).symptoms == ()


@pytest.mark.parametrize(("across", "down", "told"), [(0.06, 0.002, False), (-0.06, 0.004, False), (0.011, 0.018, True)])
def test_a_pan_behind_somebody_grows_one_way_and_a_zoom_both(across, down, told):
    facts = lively(1000, 0, scenes=2)
    growths = {"growth_x_per_second": facts.zoom_per_second + across, "growth_y_per_second": facts.zoom_per_second + down}
    panned = replace(facts, **growths, zoom_per_second=facts.zoom_per_second + across, shift_x_per_second=0 * facts.luma + 0.06)
    symptoms = look(case_of(panned, plan=PLAN)).symptoms
    assert bool(symptoms) == told
    if told:
        assert dict(symptoms[0].facts)["zoom_percent_per_second"] == pytest.approx(100 * down, rel=0.15)


def test_a_zoom_that_is_slower_at_both_ends_of_each_window_creeps():
    facts = lively(1000, 0, scenes=0)
    since = (np.arange(1000) - np.array([0, *CUTS])[np.searchsorted(CUTS, np.arange(1000), side="right")]) / 125
    by_window = (0.015 * (1 - 0.9 * np.cos(2 * np.pi * since))).astype(np.float32)
    assert look(case_of(replace(facts, zoom_per_second=facts.zoom_per_second + by_window), plan=PLAN)).symptoms


def test_in_and_out_by_turns_is_no_creep():
    facts = lively(1000, 0)
    turns = np.where(np.searchsorted(CUTS, np.arange(1000), side="right") % 2, 0.02, -0.02).astype(np.float32)
    assert look(case_of(replace(facts, zoom_per_second=turns), plan=PLAN)).symptoms == ()


def test_a_zoom_that_the_prompt_asks_for_is_wanted():
    facts = _creeping(0.02)
    asked = look(case_of(facts, plan=PLAN, schedule="0:00: a woman sings, slow zoom in"))
    assert asked.symptoms == ()
    assert "asks for moves" in asked.figures[0].not_measured
    assert look(case_of(facts, plan=PLAN, schedule="0:00: a woman sings, static camera")).symptoms


def test_a_video_of_a_second_says_that_it_is_too_short():
    assert "shorter" in look(case_of(lively(25, 0))).figures[0].not_measured


def test_moments_at_which_something_passes_do_not_hide_a_zoom():
    facts = lively(1000, 0, scenes=0)
    zoom = facts.zoom_per_second + np.float32(0.012)
    passes = np.arange(1000) % 125 < 45
    growths = {"growth_x_per_second": zoom - np.float32(0.2) * passes, "growth_y_per_second": zoom - np.float32(0.05) * passes}
    passed = replace(facts, **growths, zoom_per_second=zoom - np.float32(0.15) * passes)
    (symptom,) = look(case_of(passed, plan=PLAN)).symptoms
    assert dict(symptom.facts)["zoom_percent_per_second"] == pytest.approx(1.2, rel=0.15)


@pytest.mark.parametrize(("speed", "told"), [(0.02, True), (0.09, False)])
def test_growth_of_a_sixth_of_a_pan_is_somebody_who_stays(speed, told):
    facts = _creeping(0.012)
    pan = replace(facts, shift_x_per_second=facts.shift_x_per_second + np.float32(speed))
    assert bool(look(case_of(pan, plan=PLAN)).symptoms) is told


def test_a_growth_of_which_no_second_counts_may_be_off_by_anything():
    assert _off_by(np.ones(100), np.zeros(100), 25, 4) == np.inf
    assert _off_by(np.ones(100), np.ones(100), 25, 4) == 0
