"""R2: the first entry, and the prompt of the initial render."""

from __future__ import annotations


def test_the_place_of_the_first_difference_is_told(found):
    ((line, _, message, nearest),) = found("R2", "0:00+: she is singing", first_prompt="she is dancing ")
    assert (line, nearest) == (1, "0:00.00+: she is dancing")
    assert message == "the first entry differs from the first prompt from character 8 on, 'singing'"


def test_a_late_beginning_is_told(found):
    assert found("R2", "0:19.88-1:30: she is singing") == [
        (1, "error", "the first entry does not begin at 0:00.00", "0:00.00-1:30.00: she is singing")
    ]


def test_the_same_prompt_passes_wherever_its_line_stands(found):
    assert found("R2", "0:19.88+: she is dancing\n0:00-0:19.88: she is singing", first_prompt="she is singing") == []
