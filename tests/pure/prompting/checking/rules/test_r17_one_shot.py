"""R17: one shot."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["cut to her hands", "jump cuts", "a montage", "split screen", "crossfade", "flashback", "intercutting"]
)
def test_cuts_are_errors(found, words):
    assert [(line, severity) for line, severity, *_ in found("R17", f"0:00+: @ is singing, {words}")] == [(1, "error")]


@pytest.mark.parametrize("words", ["and then sits", "finally sitting", "later sitting", "followed by rain"])
def test_sequences_are_warnings(found, words):
    assert [(line, severity) for line, severity, *_ in found("R17", f"0:00+: @ is singing {words}")] == [(1, "warning")]


@pytest.mark.parametrize("words", ["a well-cut suit", "cutting bread", "the strength of autumn", "faded jeans", "fading light"])
def test_other_words_are_left_alone(found, words):
    assert found("R17", f"0:00+: @ is singing, {words}") == []


def test_only_the_last_may_fade_out(found):
    text = "0:00-0:19.88: @ is waving, fading to black\n0:19.88+: @ is waving, fading to black"
    assert [(line, severity) for line, severity, *_ in found("R17", text)] == [(1, "error")]
