"""Detail that fades or grows is told, at any contrast."""

import pytest

from audio_loop.doctor.detectors.sharpness_drift import look
from tests.pure.doctor.drift.photographs import blurred, case_of, contrasted, saturated, wander

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
