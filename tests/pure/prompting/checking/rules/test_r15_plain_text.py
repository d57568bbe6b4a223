"""R15: plain text."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["**loudly**", '"la la"', "“la la”", "'la la'", "`x`", "[x]", "| x", "\U0001f3b5", "♪", "a → b"]
)
def test_markup_and_quotation_marks_are_found(found, words):
    assert [line for line, *_ in found("R15", f"0:00+: @ is singing {words}")] == [1]


@pytest.mark.parametrize("words", ["Chorus:", "(Verse 2)", "Intro -", "Scene 3:", "Punchline:"])
def test_labels_are_found(found, words):
    assert found("R15", f"0:00+: {words} @ is singing")[0][2].startswith(f"{words!r} in front is a label")


@pytest.mark.parametrize(
    "words", ["in the singer's room", "the singers' room", "rock 'n' roll", "café; a bench - wet", "(softly)", "50 % grey"]
)
def test_plain_words_are_left_alone(found, words):
    assert found("R15", f"0:00+: @ is singing {words}") == []
