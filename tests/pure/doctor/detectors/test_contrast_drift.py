"""Contrast that drifts is told with its ratio; tints, blur and one thing that changes are not."""

import numpy as np
import pytest

from audio_loop.doctor.detectors.contrast_drift import NOTICED_PERCENT, look
from tests.pure.doctor.drift.photographs import FPS, HEIGHT, WIDTH, blurred, case_of, contrasted, plan_for, tinted, wander

SECONDS = 24


@pytest.mark.parametrize(("name", "ratio"), [("hopper", 1.25), ("china", 1 / 1.25), ("flower", 1 / 1.25)])
def test_a_drift_of_contrast_is_told_with_its_ratio(name, ratio):
    def change(picture, t):  # Half the contrast first: what is clipped at black and white has none to gain.
        return contrasted(ratio)(contrasted(0.5)(picture, 1.0), t)

    (symptom,) = look(case_of(wander(name, SECONDS, change))).symptoms
    assert symptom.kind == "contrast_drift"
    found = dict(symptom.facts)["ratio"]
    assert np.log(found) == pytest.approx(np.log(ratio), abs=0.06)
    assert symptom.strength == pytest.approx(100 * (max(found, 1 / found) - 1) / NOTICED_PERCENT)


@pytest.mark.parametrize("change", [None, tinted(16), blurred(0.8)])
def test_other_drifts_are_none_of_contrast(change):
    assert not look(case_of(wander("china", SECONDS, change))).symptoms


def test_a_thing_in_the_middle_that_changes_is_not_the_picture():
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    inside = ((np.abs(columns - WIDTH / 2) < WIDTH * 0.18) & (rows > HEIGHT * 0.2))[..., None]
    change = contrasted(1.8)
    assert not look(case_of(wander("china", SECONDS, lambda p, t: np.where(inside, change(p, t), p), reach=4))).symptoms


def test_what_falls_within_each_window_and_returns_at_its_join_is_told_as_that():
    plan = plan_for(SECONDS * 2)
    starts = [window.new_start_px / FPS for window in plan.windows]

    def change(picture, t):
        seconds = 2 * SECONDS * t
        since = seconds - max(start for start in starts if start <= seconds + 1e-6)
        return contrasted(0.5)(picture, since / 7)

    (symptom,) = look(case_of(wander("china", SECONDS * 2, change), plan)).symptoms
    assert symptom.words.startswith("Within each window contrast falls by ")
    assert symptom.words.endswith(" and returns at its join.")
    assert symptom.strength > 1
    assert [each.window for each in symptom.stretches] == list(range(len(plan.windows)))
