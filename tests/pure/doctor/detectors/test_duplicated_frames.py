from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from audio_loop.doctor.detectors.duplicated_frames import look
from audio_loop.tests.pure.doctor.detectors.made_frames import case_of as case_of_numbers
from audio_loop.tests.pure.doctor.detectors.made_frames import lively
from audio_loop.tests.pure.doctor.detectors.moving_films import case_of, film_of, only


@pytest.mark.parametrize(("codec", "name"), [("libx264", "a.mp4"), ("libvpx-vp9", "a.webm")])
def test_24_frames_shown_as_25_have_a_cadence_of_25(tmp_path, codec, name):
    times = [number * 24 // 25 for number in range(125)]
    symptom = only(look(case_of(film_of(tmp_path / name, times, codec=codec, options={"crf": "26"}))))
    assert symptom.kind == "duplicated_frames"
    assert dict(symptom.facts)["cadence_frames"] == 25
    assert "one of 25 throughout" in symptom.words
    assert symptom.strength > 1


def test_repeats_at_random_are_counted(tmp_path):
    repeated = {10, 17, 24, 33, 38, 47, 52, 60, 68}
    times = [number - 1 if number in repeated else number for number in range(80)]
    symptom = only(look(case_of(film_of(tmp_path / "random.mp4", times))))
    facts = dict(symptom.facts)
    assert facts["repeated_frames"] == pytest.approx(len(repeated), abs=1)
    assert "cadence_frames" not in facts


def test_drawings_on_twos_are_told_as_such(tmp_path):
    symptom = only(look(case_of(film_of(tmp_path / "twos.mp4", [number // 2 * 2 for number in range(100)]))))
    assert "each picture twice" in symptom.words


@pytest.mark.parametrize("fps", [Fraction(24000, 1001), Fraction(30000, 1001)])
def test_motion_that_goes_on_repeats_nothing(tmp_path, fps):
    seen = look(case_of(film_of(tmp_path / "on.mp4", range(80), fps)))
    assert not seen.symptoms
    assert {figure.name: figure.value for figure in seen.figures} == {"repeated_frames_per_second": 0, "repeated_frames": 0}


def test_a_stretch_that_stands_one_repeat_and_a_few_frames_are_no_stutter(tmp_path):
    assert not look(case_of(film_of(tmp_path / "stands.mp4", [*range(30), *[29] * 40, *range(30, 60)]))).symptoms
    assert not look(case_of(film_of(tmp_path / "once.mp4", [min(n, 30) if n < 32 else n for n in range(75)]))).symptoms
    for count in (1, 5):
        assert not look(case_of(film_of(tmp_path / f"{count}.mp4", range(count)))).symptoms


@pytest.mark.parametrize(("left", "behind", "counted"), [(0.02, 1.0, True), (0.2, 1.9, True), (0.2, 1.0, False)])
def test_a_repeat_is_equal_or_made_up_for_and_skipped_motion_is_neither(left, behind, counted):
    steps = np.full(150, 0.002, np.float32)
    steps[5::10], steps[6::10] = 0.002 * left, 0.002 * behind
    frames = replace(lively(150, 1, scenes=0), smooth_change=steps, change=2 * steps, change_peak=6 * steps)
    assert bool(look(case_of_numbers(frames)).symptoms) is counted


def _with_repeats(at, count=150):
    frames = lively(count, 1, scenes=0)
    change = np.full(count, 0.012, np.float32)
    change[at] = 0.0005
    return replace(frames, change=change, change_peak=3 * change)


def test_without_the_smoothed_picture_repeats_are_told_by_their_pixels():
    symptom = only(look(case_of_numbers(_with_repeats(np.arange(5, 150, 10)))))
    assert dict(symptom.facts)["repeated_frames"] == 15
    assert _with_repeats([5]).smooth_change is None
