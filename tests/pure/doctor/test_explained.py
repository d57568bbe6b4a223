"""The order of symptoms."""

from __future__ import annotations

import pytest

from audio_loop.doctor.explained import in_order
from audio_loop.doctor.seen import Stretch, Symptom


def seen(kind, strength, *stretches):
    return Symptom(kind, strength, "", tuple(Stretch(*each) for each in stretches), ())


def kinds(*symptoms):
    return [symptom.kind for symptom in in_order(symptoms)]


def test_the_strongest_is_first():
    assert kinds(seen("zoom_creep", 1.2, (0, 9)), seen("audio_offset", 3.0, (0, 9))) == ["audio_offset", "zoom_creep"]


def test_a_cut_where_a_scene_comes_late_is_the_schedules():
    late = seen("schedule_timing", 2.0, (4.0, 8.0))
    assert kinds(seen("visible_cut", 15.0, (8.04, 8.3)), late) == ["schedule_timing", "visible_cut"]
    assert kinds(seen("visible_cut", 15.0, (8.04, 8.3), (12.0, 12.3)), late) == ["schedule_timing", "visible_cut"]
    assert kinds(seen("visible_cut", 15.0, (12.0, 12.3), (8.04, 8.3)), late) == ["visible_cut", "schedule_timing"]


def test_cuts_around_an_odd_window_are_the_windows():
    odd = seen("odd_window", 1.1, (3.88, 6.8))
    assert kinds(seen("visible_cut", 4.0, (3.88, 4.2), (6.76, 7.0)), odd) == ["odd_window", "visible_cut"]


def test_a_cut_alone_stands_for_itself():
    cut, drift = seen("visible_cut", 1.1, (3.88, 4.2)), seen("colour_drift", 1.0, (0.0, 9.0))
    assert kinds(cut, drift) == ["visible_cut", "colour_drift"]


def test_a_drift_without_a_stretch_has_its_place_in_the_order():
    assert kinds(seen("colour_drift", 1.0), seen("zoom_creep", 1.2, (0, 9))) == ["zoom_creep", "colour_drift"]


@pytest.mark.parametrize("at_once", ["visible_cut", "odd_window"])
def test_a_subject_that_changes_at_once_does_not_drift(at_once):
    assert kinds(seen("identity_drift", 2.8, (0.0, 9.0)), seen(at_once, 1.1, (5.0, 5.3))) == [at_once, "identity_drift"]


def test_a_subject_that_drifts_is_named_before_another_drift_that_is_weaker():
    drifts = seen("identity_drift", 2.8, (0.0, 9.0)), seen("colour_drift", 1.1, (0.0, 9.0))
    assert kinds(*drifts) == ["identity_drift", "colour_drift"]
