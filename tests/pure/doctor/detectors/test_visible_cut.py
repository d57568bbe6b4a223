"""A join that jumps is seen; one that the schedule wants, or that lies beside a black window, is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.detectors.visible_cut import look
from audio_loop.doctor.signals.jumps import jumps, largest_around
from audio_loop.tests.pure.doctor.detectors.made_frames import between, case_of, lively, planned, stepped

PLAN = planned(24)
CUTS = case_of(lively(600, 0), plan=PLAN).cuts_px


def _calm(seed=0):
    return lively(600, seed, scenes=0)


@pytest.mark.parametrize("sizes", [{"luma": 0.1}, {"red": 1.5}, {"sharpness": 0.5}])
def test_a_step_at_a_join_is_seen_with_its_place(sizes):
    seen = look(case_of(stepped(_calm(), CUTS[1], sizes), plan=PLAN))
    (symptom,) = seen.symptoms
    assert symptom.strength > 1
    assert [(stretch.window, stretch.start_seconds) for stretch in symptom.stretches] == [(2, CUTS[1] / 25)]
    assert seen.curves[0].marks == tuple(cut / 25 for cut in CUTS)


@pytest.mark.parametrize("name", ["shift_x_per_second", "shift_y_per_second", "zoom_per_second"])
def test_a_picture_that_jumps_aside_is_seen(name):
    facts = _calm()
    speed = getattr(facts, name).copy()
    speed[CUTS[0]] += 0.02 * 25
    (symptom,) = look(case_of(replace(facts, **{name: speed}), plan=PLAN)).symptoms
    assert "place" in symptom.words


def test_a_frame_that_is_shown_twice_and_caught_up_with_is_no_jump_aside():
    facts = _calm()
    pan = facts.shift_x_per_second + np.float32(0.3)
    pan[CUTS[0]], pan[CUTS[0] + 1] = 0, 0.6
    assert look(case_of(replace(facts, shift_x_per_second=pan), plan=PLAN)).symptoms == ()


def test_a_flash_at_a_join_is_no_cut_and_hides_none_elsewhere():
    flash = np.zeros(600)
    for at in (CUTS[0] + 2, CUTS[1] + 60):
        flash[at : at + 15] += 0.12 * np.exp(-np.arange(15) / 3)
    facts = _calm()
    change = facts.change + np.abs(np.diff(flash, prepend=0))
    cells = np.clip(facts.cell_luma + np.rint(255 * flash)[:, None, None], 0, 255).astype(np.uint8)
    facts = replace(facts, luma=facts.luma + flash, change=change, cell_luma=cells)
    assert look(case_of(facts, plan=PLAN)).symptoms == ()
    change = change.copy()
    change[CUTS[2]] += 0.06
    assert look(case_of(replace(facts, change=change), plan=PLAN)).symptoms[0].stretches[0].window == 3


def test_a_flash_shortly_behind_a_join_is_no_step_there():
    flash = np.zeros(600)
    start = CUTS[1] + 11
    flash[start : start + 60] += 0.25 * np.exp(-np.arange(60) / 8)
    facts = _calm()
    change = facts.change + np.abs(np.diff(flash, prepend=0))
    cells = np.clip(facts.cell_luma + np.rint(255 * flash)[:, None, None], 0, 255).astype(np.uint8)
    facts = replace(facts, luma=facts.luma + flash, change=change, cell_luma=cells)
    assert look(case_of(facts, plan=PLAN)).symptoms == ()
    assert look(case_of(stepped(facts, CUTS[1], {"luma": 0.1}), plan=PLAN)).symptoms[0].stretches[0].window == 2


def test_a_window_that_moves_a_tenth_as_much_as_the_rest_is_no_dead_one_and_its_join_is_seen():
    facts = _calm()
    calm, pan = np.where(np.arange(600) < CUTS[0], 0.1, 1.0), facts.shift_x_per_second.copy()
    pan[CUTS[0] :] += 0.3
    facts = replace(facts, change=2 * facts.change * calm, shift_x_per_second=pan)
    assert look(case_of(facts, plan=PLAN)).symptoms[0].stretches[0].window == 1


def test_what_is_followed_by_less_than_half_a_second_is_not_seen_as_a_cut():
    facts = _calm()
    change = facts.change.copy()
    change[CUTS[-1]] += 0.1
    facts = replace(facts, change=change)
    assert look(case_of(facts, plan=PLAN)).symptoms
    assert look(case_of(between(facts, 0, CUTS[-1] + 10), plan=PLAN)).symptoms == ()


@pytest.mark.parametrize("seed", range(5))
def test_joins_like_other_frames_are_not_seen(seed):
    seen = look(case_of(_calm(seed), plan=PLAN))
    assert seen.symptoms == ()
    assert 0 < seen.figures[0].value < 1


def test_a_step_within_a_window_is_no_cut():
    assert look(case_of(stepped(_calm(), CUTS[1] + 60, {"luma": 0.3}), plan=PLAN)).symptoms == ()


def test_a_new_scene_that_the_schedule_wants_is_no_cut():
    facts = stepped(_calm(), CUTS[0], {"luma": 0.3})
    seconds = CUTS[0] / 25
    wanted = f"0:00: a woman sings\n0:{seconds:05.2f}: a beach at night"
    assert look(case_of(facts, plan=PLAN, schedule=wanted)).symptoms == ()
    assert look(case_of(facts, plan=PLAN, schedule="0:00: a woman sings")).symptoms[0].stretches[0].window == 1


def test_both_ends_of_a_black_window_are_left_to_the_one_who_names_it():
    facts = _calm()
    black = slice(CUTS[0], CUTS[1])
    changed = {name: getattr(facts, name).copy() for name in ("luma", "contrast", "sharpness", "change")}
    for values in changed.values():
        values[black] = 0.0
    seen = look(case_of(replace(facts, **changed), plan=PLAN))
    assert seen.symptoms == ()


def test_without_a_plan_or_without_a_join_it_says_why_nothing_is_measured():
    assert "where the windows lie" in look(case_of(_calm())).figures[0].not_measured
    assert "one window" in look(case_of(lively(100, 0), plan=planned(4))).figures[0].not_measured


def test_a_lively_video_hides_a_small_step():
    facts = _calm()
    rng = np.random.default_rng(4)
    for at in range(20, 590, 14):
        facts = stepped(facts, at, {"luma": 0.2 * rng.choice((-1, 1))})
    assert look(case_of(stepped(facts, CUTS[1], {"luma": 0.08}), plan=PLAN)).symptoms == ()


def test_the_detail_that_an_encoder_renews_in_a_frame_written_whole_is_no_cut():
    facts = _calm()
    change, key = facts.change.copy(), np.zeros(600, np.bool_)
    change[CUTS[1]] += 0.06
    key[[0, CUTS[1]]] = True
    smooth = (facts.change / 2).astype(np.float32)
    renewed = replace(facts, change=change, key=key, smooth_change=smooth)
    assert look(case_of(renewed, plan=PLAN)).symptoms == ()
    # Another picture changes without its detail, too.
    smooth = smooth.copy()
    smooth[CUTS[1]] += 0.03
    assert look(case_of(replace(renewed, smooth_change=smooth), plan=PLAN)).symptoms[0].stretches[0].window == 2


@pytest.mark.parametrize(("early", "seen"), [(0, True), (2, True), (5, False)])
def test_a_camera_that_starts_shortly_before_a_join_does_so_by_itself(early, seen):
    facts = _calm()
    pan = facts.shift_x_per_second.copy()
    pan[CUTS[1] - early :] += 0.3
    symptoms = look(case_of(replace(facts, shift_x_per_second=pan), plan=PLAN)).symptoms
    assert bool(symptoms) is seen


def test_a_step_that_still_rises_outside_belongs_to_another_moment():
    values = np.zeros(100)
    values[40:47] = [1, 2, 3, 4, 3, 2, 1]
    assert largest_around(values, np.array([42, 46, 36, 32]), 1, 8).tolist() == [4, 0, 4, 0]


@pytest.mark.parametrize("goes_back", [True, False])
def test_footage_that_turns_at_a_join_and_is_played_backwards_is_no_cut(goes_back):
    facts, turn = _calm(), CUTS[1]
    along = np.minimum(np.arange(600), 2 * turn - np.arange(600)) if goes_back else np.arange(600)
    speed = facts.shift_x_per_second + 0.2 * np.where(np.arange(600) > turn, -1, 1).astype(np.float32)
    rows, columns = np.mgrid[:4, :6]
    cells = 128 + 60 * np.sin(along[:, None, None] * 0.05 + rows + columns)
    facts = replace(facts, shift_x_per_second=speed, cell_luma=cells.astype(np.uint8))
    assert [symptom.kind for symptom in look(case_of(facts, plan=PLAN)).symptoms] == ([] if goes_back else ["visible_cut"])


def test_if_no_join_can_be_judged_it_says_why():
    short = planned(6.3)
    facts = between(_calm(), 0, 157)
    assert len(case_of(facts, plan=short).cuts_px) == 1
    seen = look(case_of(facts, plan=short))
    assert seen.symptoms == ()
    assert [each.value for each in seen.figures] == [None, None]
    assert all("lies at the very end" in each.not_measured for each in seen.figures)
    assert seen.curves[0].marks == (case_of(facts, plan=short).cuts_px[0] / 25,)


def test_a_video_of_a_few_frames_has_jumps_of_no_motion():
    found = jumps(between(_calm(), 0, 10), 25)
    assert found["motion"].shape == (10,)
    assert np.isfinite(found["motion"]).all()
