import numpy as np
import pytest

from audio_loop.doctor.detectors.frozen_start import look
from audio_loop.tests.pure.doctor.detectors.moving_films import case_of, film_of, grainy, moment, only
from audio_loop.tests.pure.watching.films import write_film


@pytest.mark.parametrize(("codec", "name"), [("libx264", "a.mp4"), ("libvpx-vp9", "a.webm")])
def test_a_first_picture_that_stands_is_told_with_its_length(tmp_path, codec, name):
    film = film_of(tmp_path / name, [max(0, number - 30) for number in range(80)], codec=codec, options={"crf": "26"})
    symptom = only(look(case_of(film)))
    assert symptom.kind == "frozen_start"
    assert dict(symptom.facts)["frozen_seconds"] == pytest.approx(1.2, abs=0.12)
    assert symptom.stretches[0].start_seconds == 0
    assert symptom.strength == pytest.approx(1.5, abs=0.15)


def test_a_first_picture_under_grain_and_a_flicker_stands_too(tmp_path):
    luma = [moment(max(0, number - 40)) * (1 + 0.002 * (-1) ** number) for number in range(90)]
    film = write_film(tmp_path / "grain.mp4", [grainy(each, number) for number, each in enumerate(luma)], options={"crf": "21"})
    assert dict(only(look(case_of(film))).facts)["frozen_seconds"] == pytest.approx(1.6, abs=0.15)


def test_a_start_that_moves_or_only_breathes_does_not_stand(tmp_path):
    assert not look(case_of(film_of(tmp_path / "moves.mp4", range(50)))).symptoms
    breath = [moment(0, sway=0) for _ in range(75)]
    for number, luma in enumerate(breath):
        rows = (1.5 * np.sin(2 * np.pi * number / 75)) * np.exp(-(((np.arange(96) - 60) / 25) ** 2))
        at = np.clip(np.arange(96) + rows, 0, 95)
        low = np.floor(at).astype(int)
        breath[number] = luma[low] * (1 - (at - low))[:, None] + luma[np.minimum(low + 1, 95)] * (at - low)[:, None]
    film = write_film(
        tmp_path / "breath.mp4", [grainy(each, number) for number, each in enumerate(breath)], options={"crf": "21"}
    )
    assert not look(case_of(film)).symptoms


def test_a_video_of_less_than_half_a_second_is_not_measured(tmp_path):
    for count in (1, 5):
        (figure,) = look(case_of(film_of(tmp_path / f"{count}.mp4", [0] * count))).figures
        assert figure.value is None
        assert "half a second" in figure.not_measured
