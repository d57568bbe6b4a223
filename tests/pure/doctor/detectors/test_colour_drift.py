"""Colours that drift are told, and what else changes a colour's mean is not: on photographs over which a camera wanders."""

import numpy as np
import pytest

from audio_loop.doctor.detectors.colour_drift import NOTICED, look
from tests.pure.doctor.drift.photographs import (
    FPS,
    HEIGHT,
    WIDTH,
    case_of,
    contrasted,
    photograph,
    plan_for,
    saturated,
    tinted,
    wander,
)

SECONDS = 24


@pytest.mark.parametrize(("name", "change"), [("hopper", tinted(16)), ("china", tinted(-16)), ("flower", saturated(1.6))])
def test_a_drift_of_colour_is_told_with_its_size(name, change):
    seen = look(case_of(wander(name, SECONDS, change)))
    (symptom,) = seen.symptoms
    assert symptom.kind == "colour_drift"
    assert symptom.strength == pytest.approx(seen.figures[0].value / NOTICED)
    assert seen.figures[0].value > NOTICED
    assert symptom.stretches[0].end_seconds == pytest.approx(SECONDS)


@pytest.mark.parametrize("change", [None, contrasted(1.25)])
def test_a_camera_that_wanders_and_a_contrast_that_grows_are_none(change):
    seen = look(case_of(wander("hopper", SECONDS, change)))
    assert not seen.symptoms
    assert seen.figures[0].value < NOTICED / 1.5


def test_a_long_pan_past_a_light_from_one_side_is_none():
    seen = look(case_of(_panned(lambda picture, t: picture * _LIT)))
    assert not seen.symptoms
    assert seen.figures[0].value < NOTICED / 2
    assert _figure(seen, "colour_drift_of_content") > NOTICED


def test_a_drift_over_a_long_pan_past_a_light_is_told_still():
    (symptom,) = look(case_of(_panned(lambda picture, t: tinted(16)(picture * _LIT, t)))).symptoms
    assert symptom.kind == "colour_drift"


_LIT = np.linspace(0.8, 1.1, WIDTH, dtype=np.float32)[None, :, None]
"""Brightness of a light from the right, over the columns of the screen."""


def _panned(change):
    """A camera goes on to the right over a photograph and its mirror images, at an even pace."""
    once = photograph("china")[100 : 100 + HEIGHT]
    source = np.concatenate([once, once[:, ::-1], once, once[:, ::-1]], axis=1)
    count = round(SECONDS * FPS)
    starts = np.linspace(0, source.shape[1] - WIDTH, count).round().astype(int)
    return [change(source[:, start : start + WIDTH], number / (count - 1)) for number, start in enumerate(starts)]


def _figure(seen, name):
    return next(figure.value for figure in seen.figures if figure.name == name)


def test_windows_name_where_it_is_worst():
    case = case_of(wander("china", SECONDS, tinted(20)), plan_for(SECONDS))
    (symptom,) = look(case).symptoms
    windows = [stretch.window for stretch in symptom.stretches]
    assert windows[0] == len(case.windows_px()) - 1
    assert 0 not in windows


def test_a_drift_that_returns_at_every_join_is_told_as_such():
    case = _saw_tooth()
    (symptom,) = look(case).symptoms
    assert dict(symptom.facts)["returns_at_joins"] == 1
    assert "return at its join" in symptom.words


def _saw_tooth():
    plan = plan_for(SECONDS)
    count = round(SECONDS * FPS)
    edges = [0, *(window.new_start_px for window in plan.windows[1:]), count]

    def change(picture, t):
        number = round(t * (count - 1))
        start = max(edge for edge in edges[:-1] if edge <= number)
        stop = min(edge for edge in edges if edge > number)
        return tinted(24)(picture, (number - start) / (stop - start))

    return case_of(wander("china", SECONDS, change), plan)


def test_another_prompt_begins_anew():
    plan = plan_for(SECONDS)
    join = plan.windows[2].new_start_px

    def change(picture, t):
        return tinted(20)(picture, 1.0) if round(t * (SECONDS * FPS - 1)) >= join else picture

    seconds = join / FPS
    schedule = f"0:00: a woman sings\n0:{seconds:04.1f}: a woman sings at sunset"
    assert not look(case_of(wander("china", SECONDS, change), plan, schedule)).symptoms


def test_a_video_that_begins_in_black_is_compared_from_its_first_picture_on():
    pictures = list(wander("china", SECONDS))
    for number in range(10):
        pictures[number] = pictures[number] * 0
    seen = look(case_of(pictures))
    assert not seen.symptoms
    assert seen.figures[0].value < NOTICED / 2


def test_a_video_of_some_seconds_has_no_drift():
    seen = look(case_of(wander("hopper", 4, tinted(30))))
    assert not seen.symptoms
    assert seen.figures[0].value is None
    assert "shorter" in seen.figures[0].not_measured
