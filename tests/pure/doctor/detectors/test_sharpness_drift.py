"""Detail that fades or grows is told, at any contrast."""

import numpy as np
import pytest

from audio_loop.doctor.detectors.sharpness_drift import look, without_zoom
from tests.pure.doctor.drift.photographs import FPS, blurred, case_of, contrasted, plan_for, saturated, wander

SECONDS = 32


def sharpened(amount):
    """What a blur of one pixel takes is added by `amount` at the end."""
    return lambda picture, t: picture + amount * t * (picture - blurred(1.0)(picture, 1.0))


@pytest.mark.parametrize(("name", "change", "grows"), [("hopper", blurred(0.8), False), ("flower", sharpened(1.5), True)])
def test_a_drift_of_sharpness_is_told_with_its_direction(name, change, grows):
    (symptom,) = look(case_of(wander(name, SECONDS, change))).symptoms
    assert symptom.kind == "sharpness_drift"
    assert (dict(symptom.facts)["ratio"] > 1) is grows
    assert symptom.strength > 1


@pytest.mark.parametrize("change", [None, contrasted(1.3), contrasted(1 / 1.3), saturated(1.5)])
def test_contrast_and_colour_do_not_change_it(change):
    assert not look(case_of(wander("china", SECONDS, change))).symptoms


def test_what_a_zoom_explains_is_subtracted_and_no_more():
    zoom = np.linspace(0, 0.2, 9)
    assert without_zoom(-zoom, zoom) == pytest.approx(np.zeros(9), abs=0.08)
    assert without_zoom(-2 * zoom, zoom)[-1] == pytest.approx(-0.2, abs=0.08)
    assert without_zoom(zoom, zoom) == pytest.approx(zoom, abs=0.08)
    assert without_zoom(zoom, 0 * zoom) == pytest.approx(zoom)


def test_what_fades_within_each_window_and_returns_at_its_join_is_told_as_that():
    plan = plan_for(SECONDS)
    starts = [window.new_start_px / FPS for window in plan.windows]

    def change(picture, t):
        seconds = SECONDS * t
        since = seconds - max(start for start in starts if start <= seconds + 1e-6)
        return blurred(1.5)(picture, since / 7)

    (symptom,) = look(case_of(wander("china", SECONDS, change), plan)).symptoms
    assert symptom.words.startswith("Within each window the finest detail ")
    assert symptom.words.endswith(" and returns at its join.")
    assert symptom.strength > 1
    assert [each.window for each in symptom.stretches] == list(range(len(plan.windows)))
