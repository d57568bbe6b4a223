"""R7: pixels for the lips."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["medium close-up", "medium shot", "close-up", "extreme close-up", "waist-up", "head and shoulders"]
)
def test_close_framings_pass(found, words):
    assert found("R7", f"0:00+: @ is singing, {words}") == []


def test_wide_is_an_error_for_lips_and_a_warning_else(found):
    text = "0:00-0:19.88: @ is singing, wide shot\n0:19.88-0:37.80: @ is dancing, wide shot\n0:37.80+: @ is dancing"
    assert [(line, severity) for line, severity, *_ in found("R7", text)] == [(1, "error"), (2, "warning"), (3, "warning")]


def test_wide_things_are_no_wide_shot(found):
    assert found("R7", "0:00+: @ is singing with wide eyes, close-up, in a long coat, arms wide open") == []
