"""Windows for entries that got none: the nearest one with which no other entry begins."""

from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.schedule.free_windows import give_free_windows
from audio_loop.schedule.window_grid import WindowGrid

GRID = WindowGrid(Fraction(10), 6, Fraction(0), None, snap=True, snap_to="window_start")
FILLS_A_HOLE = ((0, 0), (3, 1), (4, 0))
"""Entry 1 begins with window 3, though by its times it counts nowhere in the video."""


@pytest.mark.parametrize(
    ("asked", "more_due", "steps", "given"),
    [
        (30, {}, FILLS_A_HOLE, 4),
        (29, {}, FILLS_A_HOLE, 2),
        (30, {3: 40}, ((0, 0), (3, 1), (4, 3)), 2),
        (30, {3: 20}, ((0, 0), (2, 3), (3, 1), (4, 0)), 4),
    ],
    ids=["half-way the later", "the nearer", "none behind it", "none before it"],
)
def test_a_window_with_which_another_entry_begins_is_passed_over(asked, more_due, steps, given):
    due = {0: Fraction(0), 2: Fraction(asked), **{entry: Fraction(seconds) for entry, seconds in more_due.items()}}
    after, found = give_free_windows(steps, due, GRID)
    assert found == {2: given}
    begins = {}
    for position, entry in after:
        begins.setdefault(entry, position)
    assert begins == {**{entry: position for position, entry in reversed(steps)}, 2: given}


def test_between_windows_that_all_begin_an_entry_there_is_none():
    steps = ((0, 0), (1, 1), (2, 3))
    due = {0: Fraction(0), 2: Fraction(10), 3: Fraction(20)}
    assert give_free_windows(steps, due, GRID) == (steps, {})


def test_with_an_end_that_is_not_known_a_later_window_is_always_free():
    grid = WindowGrid(Fraction(10), None, Fraction(0), None, snap=True, snap_to="window_start")
    steps = ((0, 0), (1, 1), (2, 3))
    assert give_free_windows(steps, {0: Fraction(0), 2: Fraction(10)}, grid)[1] == {2: 3}
