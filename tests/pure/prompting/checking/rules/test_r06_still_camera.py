"""R6: the camera stands still."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["static camera", "locked off shot", "locked-off shot", "the camera is static", "on a tripod"]
)
def test_a_still_camera_passes(found, words):
    assert found("R6", f"0:00+: @ is singing, {words}") == []


@pytest.mark.parametrize(
    "words", ["her head is tilting up", "pots and pans", "she follows the light", "moving slowly", "in a long zoom lens look"]
)
def test_motion_of_the_body_is_no_move_of_the_camera(found, words):
    assert found("R6", f"0:00+: @ is dancing, {words}") == []


def test_only_the_last_may_move_and_only_without_lips(found):
    def entries(last):
        return f"0:00-0:19.88: @ is dancing, slow zoom in\n0:19.88+: @ is {last}, slow dolly out"

    assert [(line, severity) for line, severity, *_ in found("R6", entries("waving"))] == [(1, "error")]
    assert [(line, severity) for line, severity, *_ in found("R6", entries("singing"))] == [(1, "error"), (2, "warning")]
    assert [line for line, *_ in found("R6", "0:00+: @ is waving, slow dolly out")] == [1]


def test_singing_needs_the_words_and_dancing_does_not(found):
    assert found("R6", "0:00+: @ is dancing") == []
    assert found("R6", "0:00+: @ is singing")[0][2:] == (
        "'singing', but nothing says that the camera stands still",
        "add: static camera, locked off shot",
    )
