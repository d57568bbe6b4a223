import pytest

from audio_loop.doctor.detectors.frozen_start import look as look_at_start
from audio_loop.doctor.detectors.frozen_window import look
from audio_loop.tests.pure.doctor.detectors.moving_films import case_of, film_of, only
from audio_loop.tests.pure.watching.films import grey, texture, write_film


def test_a_stretch_that_stands_is_told_with_its_place_and_window(tmp_path):
    times = [*range(30), *[29] * 40, *range(30, 70)]
    symptom = only(look(case_of(film_of(tmp_path / "stands.mp4", times), windows=True)))
    (stretch,) = symptom.stretches
    assert symptom.kind == "frozen_window"
    assert (stretch.start_seconds, stretch.end_seconds) == pytest.approx((29 / 25, 70 / 25), abs=0.1)
    assert stretch.window == 1
    assert symptom.strength == pytest.approx(41 / 25 / 0.8, rel=0.08)
    assert dict(symptom.facts)["frozen_frames"] == pytest.approx(41, abs=2)


def test_the_start_that_stands_is_not_counted_here(tmp_path):
    case = case_of(film_of(tmp_path / "start.mp4", [max(0, number - 30) for number in range(80)]))
    assert not look(case).symptoms
    assert look_at_start(case).symptoms


def test_a_single_picture_for_a_whole_video_and_slides_stand(tmp_path):
    still = case_of(film_of(tmp_path / "still.mp4", [3] * 60))
    assert only(look(still)).stretches[0].end_seconds == pytest.approx(2.4)
    assert not look_at_start(still).symptoms
    slides = [grey(texture(seed, 96, 160)) for seed in (1, 2, 3) for _ in range(40)]
    found = only(look(case_of(write_film(tmp_path / "slides.mp4", slides))))
    assert len(found.stretches) == 2  # the first is the start, which stands
    assert dict(found.facts)["stretches"] == 2


def test_a_short_pause_and_a_black_stretch_are_not_frozen(tmp_path):
    assert not look(case_of(film_of(tmp_path / "pause.mp4", [*range(30), *[29] * 12, *range(30, 60)]))).symptoms
    film = film_of(tmp_path / "moves.mp4", range(75))
    seen = look(case_of(film))
    assert not seen.symptoms
    assert seen.figures[0].value < 0.2
    black = [grey(texture(1, 96, 160) * 0) for _ in range(50)]
    assert not look(case_of(write_film(tmp_path / "black.mp4", black))).symptoms


def test_a_video_too_short_for_motion_says_so(tmp_path):
    seen = look(case_of(film_of(tmp_path / "short.mp4", [3] * 10)))
    (figure,) = seen.figures
    assert seen.symptoms == ()
    assert figure.value is None
    assert figure.not_measured == "the video is shorter than half a second, in which motion is told"
