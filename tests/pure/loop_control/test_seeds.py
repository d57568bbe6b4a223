from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.seeds import SEED_COUNT, SeedOverride, parse_seed_overrides, window_seed


def test_seeds_count_up_and_wrap():
    assert [window_seed(7, k) for k in range(3)] == [7, 8, 9]
    assert [window_seed(SEED_COUNT - 1, k) for k in range(3)] == [SEED_COUNT - 1, 0, 1]


@pytest.mark.parametrize(("seed", "nearest"), [(-1, "nearest is 0"), (SEED_COUNT, f"nearest is {SEED_COUNT - 1}")])
def test_seeds_outside_64_bits_are_refused(seed, nearest):
    with pytest.raises(PlanError, match=nearest):
        window_seed(seed, 1)


def test_what_is_no_seed_is_refused():
    for seed in (1.5, True):
        with pytest.raises(PlanError, match="whole number"):
            window_seed(seed, 0)
    with pytest.raises(PlanError, match="no window -1"):
        window_seed(0, -1)


@pytest.mark.parametrize(
    "text", ["7: 1234, 9: +1", "7:1234;9:+1", "7 = 1234\n9: + 1", "7：1234，9：+1", "# seeds\r\n7: 1234\r\n\r\n9: +1,"]
)
def test_spellings_of_overrides(text):
    assert parse_seed_overrides(text) == {7: SeedOverride(7, 1234, False), 9: SeedOverride(9, 1, True)}


def test_overrides_apply_to_their_window_only():
    overrides = parse_seed_overrides("7: 1234, 9: +1, 11: -20")
    assert [window_seed(5, k, overrides) for k in (6, 7, 8, 9, 11)] == [11, 1234, 13, 15, SEED_COUNT - 4]


def test_no_text_is_no_override():
    assert parse_seed_overrides(" \n ") == {}


@pytest.mark.parametrize("text", ["7", "7: x", ": 5", "7: 1.5", "-1: 5", "7: 1 2", "all: 5"])
def test_what_does_not_parse_is_refused_with_its_text(text):
    with pytest.raises(PlanError, match="window: seed") as caught:
        parse_seed_overrides(f"1: 1, {text}")
    assert text in str(caught.value)


def test_a_window_named_twice_is_refused():
    with pytest.raises(PlanError, match="window 7 already"):
        parse_seed_overrides("7: 1, 7: +1")


def test_an_override_beyond_64_bits_is_refused():
    with pytest.raises(PlanError, match="nearest"):
        parse_seed_overrides(f"7: {SEED_COUNT}")


@given(st.dictionaries(st.integers(0, 99), st.tuples(st.integers(0, SEED_COUNT - 1), st.booleans()), max_size=5))
def test_overrides_read_what_they_print(wanted):
    overrides = {k: SeedOverride(k, value, relative) for k, (value, relative) in wanted.items()}
    assert parse_seed_overrides(", ".join(map(str, overrides.values()))) == overrides
