"""The line of the planner's summary."""

from __future__ import annotations

from audio_loop.cost import window_words
from audio_loop.cost.window_words import cheapest_windows

from .test_cheaper import plan


def test_windows_that_would_cost_less_are_named_by_size():
    assert cheapest_windows(plan()) == (
        "Cheapest window at this overlap, by count, beside 19.88 s: 832x448 12 s (x0.93), 1280x704 8 s (x0.80), 1920x1088 7 s "
        "(x0.66)."
    )


def test_a_size_at_which_nothing_would_be_saved_is_left_out():
    line = cheapest_windows(plan(12))
    assert "832x448" not in line
    assert "1280x704 8 s" in line


def test_a_song_of_one_window_has_no_cheaper_one():
    assert cheapest_windows(plan(19.88, max_iterations=1)) != ""
    assert cheapest_windows(plan(190)) == ""


def test_an_overlap_longer_than_any_usual_window_has_no_cheapest_one():
    assert cheapest_windows(plan(40, 20)) == ""


def test_without_anything_to_save_nothing_is_said(monkeypatch):
    monkeypatch.setattr(window_words, "SIZES_PX", ((832, 448),))
    assert cheapest_windows(plan(12)) == ""
    assert cheapest_windows(plan()) != ""
