"""R14: no times behind the colon."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "words", ["at 0:30", "for 10 seconds", "for 18s", "for four bars", "at 120 bpm", "in verse 2", "for 2.5 minutes"]
)
def test_times_and_counts_are_found(found, words):
    assert [line for line, *_ in found("R14", f"0:00+: @ is singing {words}")] == [1]


@pytest.mark.parametrize(
    "words", ["with two sisters", "in a 1970s suit", "in the style of the 80s", "on a 4 legged chair", "as a second voice"]
)
def test_numbers_of_things_are_left_alone(found, words):
    assert found("R14", f"0:00+: @ is singing {words}") == []
