"""Which lines of a long list are shown."""

from __future__ import annotations

import pytest

from audio_loop.loop_control.excerpt import excerpt, excerpt_of


@pytest.mark.parametrize(
    ("count", "most", "first", "last", "left_out"),
    [(200, 100, 90, 10, 100), (7, 6, 3, 3, 1), (50, 12, 6, 6, 38), (26, 25, 15, 10, 1)],
)
def test_the_beginning_and_the_end_are_shown_with_a_sentence_between(count, most, first, last, left_out):
    lines = excerpt(count, str, "windows", most=most)
    assert lines[:first] == tuple(str(index) for index in range(first))
    assert lines[first] == f"... {left_out} more windows are left out of this report ..."
    assert lines[first + 1 :] == tuple(str(index) for index in range(count - last, count))


@pytest.mark.parametrize("count", [0, 5, 100])
def test_a_list_that_fits_is_shown_whole(count):
    assert excerpt_of([str(index) for index in range(count)], "windows") == tuple(str(index) for index in range(count))
    assert len(excerpt_of(["line"] * 101, "windows")) == 101
