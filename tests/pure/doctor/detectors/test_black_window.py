import numpy as np
import pytest

from audio_loop.doctor.detectors.black_window import look
from audio_loop.tests.pure.doctor.detectors.moving_films import HEIGHT, WIDTH, case_of, moment, only
from audio_loop.tests.pure.watching.films import grey, write_film

_RANDOM = np.random.default_rng(8)
_SQUARES = np.kron(_RANDOM.random((HEIGHT // 8, WIDTH // 8)), np.ones((8, 8)))
_ROWS = np.mgrid[:HEIGHT, :WIDTH][0]


def _film(path, replaced, other, count=90):
    pictures = [grey(moment(number).clip(0, 1)) for number in range(count)]
    for number in replaced:
        pictures[number] = other(number)
    return write_film(path, pictures, options={"crf": "24"})


@pytest.mark.parametrize(
    ("look_of_it", "other"),
    [
        ("black", lambda number: np.zeros((HEIGHT, WIDTH, 3), np.uint8)),
        ("of one colour", lambda number: np.full((HEIGHT, WIDTH, 3), (90, 140, 60), np.uint8)),
        ("noise", lambda number: grey(_SQUARES)),
        ("noise", lambda number: _RANDOM.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)),
    ],
)
def test_a_stretch_without_a_picture_is_told_with_its_look_and_place(tmp_path, look_of_it, other):
    symptom = only(look(case_of(_film(tmp_path / "film.mp4", range(30, 55), other), windows=True)))
    (stretch,) = symptom.stretches
    assert symptom.kind == "black_window"
    assert f"is {look_of_it} for 1.0 s" in symptom.words
    assert (stretch.start_seconds, stretch.end_seconds) == pytest.approx((1.2, 2.2), abs=0.05)
    assert symptom.strength == pytest.approx(1 / 0.3, rel=0.05)


def test_fades_flashes_bars_and_the_night_are_pictures(tmp_path):
    faded = write_film(
        tmp_path / "fade.mp4",
        [
            grey((moment(number) * np.clip((number - 12) / 10, 0, 1) * np.clip((78 - number) / 10, 0, 1)).clip(0, 1))
            for number in range(90)
        ],
    )
    assert not look(case_of(faded)).symptoms
    strobe = _film(
        tmp_path / "strobe.mp4", [n for n in range(90) if n % 10 < 4], lambda number: grey(np.zeros((HEIGHT, WIDTH)))
    )
    assert not look(case_of(strobe)).symptoms
    night = [grey(moment(number).clip(0, 1) * 0.12) for number in range(60)]
    assert not look(case_of(write_film(tmp_path / "night.mp4", night))).symptoms
    bars = [grey(np.where(abs(_ROWS - 47.5) < 24, moment(number), 0).clip(0, 1)) for number in range(60)]
    assert not look(case_of(write_film(tmp_path / "bars.mp4", bars))).symptoms


def test_a_video_that_is_black_throughout_or_has_one_frame_is_told(tmp_path):
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert only(look(case_of(write_film(tmp_path / "black.mp4", [black] * 20)))).stretches[0].end_seconds == pytest.approx(0.8)
    assert not look(case_of(write_film(tmp_path / "one.mp4", [grey(moment(1).clip(0, 1))]))).symptoms
