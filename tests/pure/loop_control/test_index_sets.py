from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.index_sets import parse_takes, parse_windows, ranges_text


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", set()),
        ("  \n ,, ", set()),
        ("3", {3}),
        ("0", {0}),
        ("3, 5-7", {3, 5, 6, 7}),
        ("3,5 - 7", {3, 5, 6, 7}),
        ("3\n5-7\r\n9", {3, 5, 6, 7, 9}),
        ("4-4", {4}),
        ("1-3, 2-5, 3", {1, 2, 3, 4, 5}),
        ("007", {7}),
    ],
)
def test_iterations(text, chosen):
    assert parse_windows(text) == chosen


@given(st.sets(st.integers(0, 500)))
def test_any_set_survives_being_written(numbers):
    assert parse_windows(", ".join(map(str, sorted(numbers)))) == numbers


@given(st.integers(0, 300), st.integers(0, 50))
def test_a_range_holds_both_ends(first, length):
    assert parse_windows(f"{first}-{first + length}") == set(range(first, first + length + 1))


@pytest.mark.parametrize("text", ["a", "3-", "-3", "1.5", "1 2", "3--5", "1;2", "3-5-7", "²", "1e3"])
def test_what_is_no_window_is_named(text):
    with pytest.raises(PlanError) as caught:
        parse_windows(f"1, {text}")
    assert repr(text) in str(caught.value)
    assert "3, 5-7" in str(caught.value)


def test_a_range_backwards_says_how_to_write_it():
    with pytest.raises(PlanError, match="write 5-7"):
        parse_windows("7-5")


@pytest.mark.parametrize(
    ("text", "takes"),
    [("", {}), ("7: 2", {7: 2}), ("7:2, 9 : 1", {7: 2, 9: 1}), ("0: 1\n3: 4", {0: 1, 3: 4})],
)
def test_takes(text, takes):
    assert parse_takes(text) == takes


@given(st.dictionaries(st.integers(0, 500), st.integers(1, 99)))
def test_any_takes_survive_being_written(takes):
    assert parse_takes(", ".join(f"{index}: {take}" for index, take in takes.items())) == takes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7", "'7' chooses no take"),
        ("7: b", "'7: b' chooses no take"),
        ("7: -1", "'7: -1' chooses no take"),
        ("7: 0", "write '7: 1' for the first"),
        ("7: 1, 7: 2", "window 7 is given two takes"),
    ],
)
def test_takes_that_cannot_be_meant(text, words):
    with pytest.raises(PlanError) as caught:
        parse_takes(text)
    assert words in str(caught.value)


def test_a_range_that_would_fill_the_memory_is_refused():
    with pytest.raises(PlanError, match="too high"):
        parse_windows("0-99999999999")


@pytest.mark.parametrize(
    ("iterations", "text"), [((), ""), ((4,), "4"), ((2, 0, 1, 2), "0 to 2"), ((0, 2, 3, 7), "0, 2 to 3, 7")]
)
def test_windows_are_told_as_ranges(iterations, text):
    assert ranges_text(iterations) == text
