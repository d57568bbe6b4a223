"""R1: what reads may still be meant otherwise."""

from __future__ import annotations


def test_a_placeholder_is_found(found):
    ((line, severity, message, nearest),) = found("R1", "0:00+: @ is singing {style}, close-up")
    assert (line, severity) == (1, "error")
    assert message == "'{style}' is a placeholder that nobody filled"
    assert nearest == "write the words for '{style}'"


def test_two_times_in_a_line_and_an_indented_one_are_found(found):
    assert [line for line, *_ in found("R1", "0:00-0:19.88: @ is singing\n  0:19.88+: @ is dancing")] == [None]
    assert len(found("R1", "0:00+: 0:19.88: @ is singing")) == 1


def test_comments_and_continued_lines_are_left_alone(found):
    assert found("R1", "# the first part\n0:00+: @ is singing,\n  medium close-up") == []
