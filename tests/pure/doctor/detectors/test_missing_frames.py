from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from audio_loop.doctor.case import Case
from audio_loop.doctor.detectors.missing_frames import NOTICED_MS, look
from audio_loop.doctor.succession.jumps import jumps
from audio_loop.loop_control.plan import make_plan
from audio_loop.tests.pure.doctor.detectors.made_frames import case_of as case_of_numbers
from audio_loop.tests.pure.doctor.detectors.made_frames import lively
from audio_loop.tests.pure.doctor.detectors.moving_films import FPS, case_of, film_of, moment, only
from audio_loop.tests.pure.watching.films import grey, texture, write_film


def _without(count, *gaps):
    return [number for number in range(count) if not any(start <= number < stop for start, stop in gaps)]


def test_holes_in_the_times_are_counted_and_placed(tmp_path):
    times = _without(90, (40, 44), (60, 66))
    film = film_of(tmp_path / "holes.mkv", times, pts=times, time_base=Fraction(1, 25))
    symptom = only(look(case_of(film)))
    assert symptom.kind == "missing_frames"
    assert dict(symptom.facts) == {"missing_frames": 10, "places": 2, "longest_gap_ms": pytest.approx(240)}
    assert [stretch.start_seconds for stretch in symptom.stretches] == pytest.approx([59 / 25, 39 / 25], abs=0.002)
    assert symptom.strength == pytest.approx(240 / NOTICED_MS)


@pytest.mark.parametrize(("codec", "name"), [("libx264", "a.mp4"), ("libvpx-vp9", "a.webm")])
def test_jumps_of_the_picture_are_told_if_the_times_hide_them(tmp_path, codec, name):
    times = _without(100, (35, 39), (72, 77))
    symptom = only(look(case_of(film_of(tmp_path / name, times, codec=codec, options={"crf": "26"}))))
    assert sorted(stretch.start_seconds for stretch in symptom.stretches) == pytest.approx([34 / 25, 67 / 25], abs=0.05)
    assert dict(symptom.facts)["missing_frames"] == pytest.approx(9, abs=4)


def test_a_gap_that_may_as_well_be_a_frame_shorter_is_not_told(tmp_path):
    times = _without(100, (35, 38), (72, 75))
    seen = look(case_of(film_of(tmp_path / "short.mp4", times, Fraction(30000, 1001))))
    assert {figure.name: figure.value for figure in seen.figures}["longest_gap_ms"] == pytest.approx(100, abs=1)
    assert not seen.symptoms


def test_frames_that_repeat_are_no_measure_for_those_between(tmp_path):
    stutter = [0, 0.06, 1, 2, 3, 4, 4.06, 4.12, 4.18, 8, 8.06, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    times = [*range(30), *(start + step for start in (30, 49, 68) for step in stutter), *range(87, 100)]
    case = case_of(film_of(tmp_path / "often.mp4", times, options={"crf": "18"}))
    assert not jumps(case)
    assert not look(case).symptoms


def test_a_gap_over_which_the_picture_grows_darker_is_told_and_flashes_are_not(tmp_path):
    def film(name, times, light):
        pictures = [grey((moment(time) * light(at, time)).clip(0, 1)) for at, time in enumerate(times)]
        return case_of(write_film(tmp_path / name, pictures, FPS))

    def passing(at, time):
        return 1 + 0.12 * np.sin(time / 6)

    gone = _without(100, (35, 42), (72, 80))
    assert dict(only(look(film("gone.mp4", gone, passing))).facts)["places"] == 2
    assert not look(film("whole.mp4", range(100), passing)).symptoms
    assert not look(film("flashes.mp4", range(100), lambda at, time: 1.5 if at in {35, 36, 37, 70, 71, 72} else 1)).symptoms


def test_a_jump_at_a_join_is_a_cut_unless_another_is_like_it(tmp_path):
    cut = case_of(film_of(tmp_path / "plain.mp4", range(110)), windows=True).cuts_px[1]
    at_join = _without(110, (cut, cut + 7))
    assert not jumps(case_of(film_of(tmp_path / "join.mp4", at_join), windows=True))
    both = [time for time in at_join if not cut + 19 <= time < cut + 26]
    case = case_of(film_of(tmp_path / "both.mp4", both), windows=True)
    assert [gap.frame for gap in jumps(case)] == [cut, cut + 12]


def test_fewer_frames_than_the_plan_delivers_are_told_without_a_jump(tmp_path):
    video = case_of(film_of(tmp_path / "short.mp4", range(60))).video
    plan = make_plan(audio_samples=8000 * 3, sample_rate=8000, window_seconds="1.32", overlap_seconds="0.36", fps=25)
    symptom = only(look(Case(video, plan)))
    assert dict(symptom.facts)["missing_frames"] == 15
    assert "60 frames, 15 fewer than the plan delivers" in symptom.words
    plan = replace(plan, audio_samples=8000 * 61 // 25)
    assert not look(Case(video, plan)).symptoms


def test_steady_motion_a_cut_and_one_jump_are_nothing_missing(tmp_path):
    seen = look(case_of(film_of(tmp_path / "on.mp4", range(75), Fraction(24000, 1001))))
    assert not seen.symptoms
    assert {figure.name: figure.value for figure in seen.figures}["frames_fewer_than_planned"] is None
    pictures = [grey((texture(seed, 96, 160) * 0.9 + number / 1000).clip(0, 1)) for seed in (1, 2, 3) for number in range(25)]
    assert not look(case_of(write_film(tmp_path / "cuts.mp4", pictures))).symptoms
    assert not look(case_of(film_of(tmp_path / "jump.mp4", _without(80, (40, 45))))).symptoms
    for count in (1, 5):
        assert not look(case_of(film_of(tmp_path / f"{count}.mp4", range(count)))).symptoms


def _with_a_jump(**changed):
    steps = np.full(150, 0.004, np.float32)
    steps[60] = 0.016
    frames = lively(150, 1, scenes=0)
    cells = np.broadcast_to(steps[:, None, None], frames.cell_change.shape).astype(np.float16)
    values = {"change": steps, "change_peak": 3 * steps, "smooth_change": steps, "cell_change": cells, "key": None}
    return case_of_numbers(replace(frames, **{**values, **changed}))


def test_a_jump_is_one_unless_the_frame_was_encoded_whole():
    assert [gap.frame for gap in jumps(_with_a_jump())] == [60]
    assert [gap.frame for gap in jumps(_with_a_jump(key=np.zeros(150, bool)))] == [60]
    assert jumps(_with_a_jump(key=np.arange(150) == 60)) == ()


def test_without_the_smoothed_picture_no_jump_is_told():
    assert jumps(_with_a_jump(smooth_change=None)) == ()
