"""R13: enough words, and not too many."""

from __future__ import annotations


def test_short_and_long_are_found(found):
    assert found("R13", "0:00+: Style: noir. @ is singing, close-up")[0][1:3] == (
        "warning",
        "has 3 words besides subject and style",
    )
    assert found("R13", "0:00+: @ is singing " + "word " * 130)[0][1] == "warning"
    assert found("R13", "0:00+: @ is singing " + "word " * 300)[0][1] == "error"


def test_usual_lengths_pass(found):
    assert found("R13", "0:00+: @ is singing, close-up, static camera, blue light") == []
    assert found("R13", "0:00+: @ is singing " + "word " * 90) == []
