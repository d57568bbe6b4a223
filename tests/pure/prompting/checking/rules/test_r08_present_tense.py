"""R8: now."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["will sing", "was singing", "has been singing", "is about to sing", "slowly danced", "she'll sing"]
)
def test_other_tenses_are_found(found, words):
    assert [line for line, *_ in found("R8", f"0:00+: @ {words}, close-up")] == [1]


@pytest.mark.parametrize("words", ["is singing, dressed in red", "is sitting, locked off shot, lit by neon", "has raised arms"])
def test_the_present_is_left_alone(found, words):
    assert found("R8", f"0:00+: @ {words}") == []


def test_the_subject_is_not_judged(found):
    assert found("R8", "0:00+: A man who was a king is singing", subject="A man who was a king") == []
