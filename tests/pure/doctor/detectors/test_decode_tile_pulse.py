"""A rhythm of small steps is found with its period to the frame; beats, key frames and joins of windows are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audio_loop.doctor.detectors.decode_tile_pulse import look
from audio_loop.doctor.signals.flashes import irregular_flashes
from audio_loop.doctor.signals.pulse import SURE
from audio_loop.doctor.signals.recurrence import is_of_content
from audio_loop.doctor.signals.seams import pulse_levels
from audio_loop.tests.pure.doctor.detectors.made_frames import case_of, lit, lively, planned, stepped, tiled


def _period(facts, **known):
    seen = look(case_of(lit(facts), **known))
    facts = [dict(symptom.facts) for symptom in seen.symptoms]
    return (int(facts[0]["period_px"]), int(facts[0]["phase_px"])) if facts else None


def test_the_guides_tiles_are_a_seam_every_56_frames_with_its_size():
    seen = look(case_of(lit(tiled(56, 1500))))
    (symptom,) = seen.symptoms
    assert dict(symptom.facts) == {"period_px": 56, "phase_px": 0}
    assert symptom.kind == "decode_tile_pulse"
    assert symptom.strength > 1
    assert "every 56 frames (2.24 s)" in symptom.words
    assert {figure.name: figure.value for figure in seen.figures}["pulse_period"] == pytest.approx(2.24)
    assert max(seen.curves[1].values) > SURE


@pytest.mark.parametrize("seed", range(6))
def test_lively_videos_without_tiles_have_no_pulse(seed):
    assert _period(lively((400, 900, 2500)[seed % 3], seed, scenes=seed, flash_bpm=(0, 117.3, 96)[seed // 2])) is None


def test_tiles_are_found_among_flashes_of_another_rhythm():
    assert _period(tiled(56, 1500, flash_bpm=117.3)) == (56, 0)


def _flashing(facts, starts, rise=0.09):
    luma = facts.luma.copy()
    for start in starts:
        luma[start:] += rise * np.exp(-np.arange(len(luma) - start) / 3.5)
    return replace(facts, luma=luma)


def test_a_few_flashes_that_happen_to_lie_evenly_are_no_tiles():
    assert _period(_flashing(lively(371, 2, scenes=0), (72, 145, 220))) is None


def test_tiles_are_found_among_flashes_without_a_rhythm():
    assert _period(_flashing(tiled(56, 1500), (119, 195, 266, 336, 499, 801, 1210))) == (56, 0)


@pytest.mark.parametrize("late", [0, 1])
def test_a_step_spread_over_two_frames_is_not_taken_for_a_beat(late):
    facts = lively(514, 4, scenes=0)
    luma = facts.luma.copy()
    for row, start in enumerate(range(27, 514, 27)):
        luma[start + (row > 9) * late :] += 0.02 * np.exp(-np.arange(514 - start - (row > 9) * late) / 5)
    assert _period(replace(facts, luma=luma)) is not None


def test_tiles_may_begin_anywhere():
    assert _period(tiled(91, 1300, first=37)) == (91, 37)


def test_key_frames_are_the_encoders_rhythm_and_no_pulse():
    facts = lively(1600, 3, scenes=0)
    facts.key[:] = np.arange(1600) % 48 == 0
    facts.sharpness[facts.key] *= 1.3
    assert _period(facts) is None
    facts.key[:] = False
    assert _period(facts) == (48, 0)


@pytest.mark.parametrize(("period", "told"), [(12, False), (58, True)])
def test_a_small_step_of_sharpness_is_doubted_only_in_groups_as_short_as_an_encoders(period, told):
    facts = lively(1500, 3, scenes=0)
    softer = np.arange(1500) % period >= period // 2
    assert (_period(replace(facts, sharpness=facts.sharpness * np.where(softer, 0.9, 1.0))) is not None) == told


def test_steps_at_the_joins_of_windows_are_cuts():
    plan = planned(60, window=4, overlap=1)
    facts = lively(1500, 5, scenes=0)
    for cut in case_of(facts, plan=plan).cuts_px:
        facts = stepped(facts, cut, {"luma": 0.06, "red": 2.0})
    assert _period(facts, plan=plan) is None
    assert _period(facts)[0] == plan.stride_px


def test_a_pulse_that_nobody_notices_is_a_figure_and_no_symptom():
    seen = look(case_of(lit(tiled(40, 3000, error=0.012))))
    values = {figure.name: figure.value for figure in seen.figures}
    assert values["pulse_evidence"] > SURE
    assert 0 < values["pulse_visibility"] < 1
    assert seen.symptoms == ()


def test_what_an_encoder_blurs_before_its_key_frames_is_no_pulse():
    facts = lively(1100, 3, scenes=0)
    facts.sharpness[np.arange(1100) % 250 >= 247] *= 0.6
    facts.key[:] = np.arange(1100) % 330 == 0
    assert _period(facts) == (250, 0)
    facts.key[:] = np.arange(1100) % 250 == 0
    assert _period(facts) is None


def test_a_video_too_short_for_a_rhythm_says_so():
    seen = look(case_of(lively(20, 0, scenes=0)))
    assert all(figure.value is None and "20 frames" in figure.not_measured for figure in seen.figures)


@pytest.mark.parametrize("stride", [14, 255, 518])
def test_a_step_behind_which_it_grows_darker_by_chance_is_no_flash(stride):
    facts = lit(tiled(stride, max(200, 5 * stride), 1, key_frames=250))
    assert 0 < len(irregular_flashes(pulse_levels(facts)["light"], 25.0)) < 3
    assert _period(facts)[0] == stride


@pytest.mark.parametrize("stride", [8, 13, 38, 125, 250, 522, 600])
def test_strides_are_right_to_one_frame_also_where_key_frames_are(stride):
    found = _period(tiled(stride, max(5 * stride, 200), seed=1))
    assert found is not None
    assert abs(found[0] - stride) <= 1


def test_tiles_that_are_blended_over_half_their_stride_are_found_by_their_course():
    rng = np.random.default_rng(3)
    facts = lively(500, 4, scenes=0)
    for at in range(34, 500, 34):
        height = rng.choice((-1, 1)) * rng.uniform(0.7, 1.3) * 0.15
        for within in range(16):
            facts = stepped(facts, at + within, {"luma": height / 16})
    assert abs(_period(facts)[0] - 34) <= 1


def test_what_recurs_with_the_pictures_is_the_contents():
    facts = tiled(40, 600)
    assert _period(facts) == (40, 0)
    turns = np.abs(np.arange(600) % 80 - 40)
    places = np.random.default_rng(0).uniform(0, 255, (41, *facts.cell_luma.shape[1:]))
    assert _period(replace(facts, cell_luma=places[turns].astype(np.uint8))) is None


def test_tiles_on_content_that_recurs_are_told_by_where_their_seams_stay():
    facts = tiled(26, 416)
    places = np.random.default_rng(0).uniform(0, 255, (256, *facts.cell_luma.shape[1:])).astype(np.uint8)
    assert _period(replace(facts, cell_luma=places[np.arange(416) % 256])) == (26, 0)
    parts = lively(416, 0, scenes=0)
    for part in range(1, 17):
        parts = stepped(parts, round(part * 25.6), {"luma": 0.05 * (-1) ** part})
    assert _period(replace(parts, cell_luma=places[np.arange(416) % 256])) is None


def test_a_slow_course_of_five_periods_is_found_among_what_is_slower():
    frame = np.arange(300)
    course = np.exp(-(frame % 54) / 11) * np.clip((frame % 54 + 1) / 8, 0, 1) * (frame >= 54)
    content = 0.02 * np.sin(frame / 13) + 0.002 * np.random.default_rng(0).standard_normal(300)
    luma = 0.42 * (1 + content + 0.05 * course / course.max())
    assert _period(replace(lively(300, 0, scenes=0), luma=luma.astype(np.float32))) == (54, 0)


def test_tiles_are_found_in_a_video_whose_key_frames_are_not_known():
    assert _period(replace(tiled(56, 1500), key=None)) == (56, 0)


def test_a_rhythm_of_which_half_the_video_has_no_frames_is_not_told_from_what_recurs():
    steps = np.zeros(600)
    steps[30::60] = 1.0
    levels, usable = [np.cumsum(steps)], np.ones(600, bool)
    assert not is_of_content(60, 182, levels, usable)
    assert is_of_content(60, 182, levels, usable & (np.arange(600) >= 300))
