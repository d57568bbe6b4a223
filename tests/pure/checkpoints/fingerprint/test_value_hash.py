import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import FingerprintRefusedError
from audio_loop.checkpoints.fingerprint.plan_part import plan_part
from audio_loop.checkpoints.fingerprint.value_hash import hash_plain_value
from audio_loop.files.hashing import digest_parts, short_hex
from audio_loop.loop_control.plan import make_plan

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.binary(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=12,
)


class Mode(enum.Enum):
    FULL = "full"
    FIT = "fit"


@dataclass(frozen=True)
class Plan:
    fps: Fraction
    seed: int


@dataclass(frozen=True)
class Other:
    fps: Fraction
    seed: int


@dataclass
class Mutable:
    seed: int


def canonical(value):
    """An independent notion of equality: what ComfyUI would treat as the same input."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, (int, float)):
        return ("number", value + 0)
    if isinstance(value, list):
        return ("list", tuple(canonical(item) for item in value))
    if isinstance(value, dict):
        return ("dict", frozenset((key, canonical(item)) for key, item in value.items()))
    return (type(value).__name__, value)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_hashes_are_equal_exactly_where_values_are(first, second):
    assert (hash_plain_value(first) == hash_plain_value(second)) == (canonical(first) == canonical(second))


@settings(deadline=None)
@given(VALUES)
def test_a_hash_repeats(value):
    assert hash_plain_value(value) == hash_plain_value(value)
    assert hash_plain_value([value]) != hash_plain_value(value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, 1.0),
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2, 3}, frozenset({3, 1, 2})),
        (float("nan"), -float("nan")),
        (Plan(Fraction(25), 1), Plan(Fraction(50, 2), 1)),
    ],
)
def test_spellings_of_one_value_agree(first, second):
    assert hash_plain_value(first) == hash_plain_value(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1, True),
        (1, "1"),
        (0, None),
        ("", None),
        ([], {}),
        ("ab", b"ab"),
        (["a", "b"], ["ab", ""]),
        ([["a"], "b"], ["a", ["b"]]),
        (2**53, 2**53 + 1),
        (0.1, Fraction(1, 10)),
        (Mode.FULL, Mode.FIT),
        (Mode.FULL, "full"),
        (Plan(Fraction(25), 1), Plan(Fraction(25), 2)),
        (Plan(Fraction(25), 1), Other(Fraction(25), 1)),
        (-1, 255),
        ({1: "a"}, {"1": "a"}),
    ],
)
def test_different_values_differ(first, second):
    assert hash_plain_value(first) != hash_plain_value(second)


@pytest.mark.parametrize("value", [object(), Mutable(1), lambda: 1, Mode, int, 1j, iter([1])])
def test_unknown_types_are_refused_by_name(value):
    with pytest.raises(FingerprintRefusedError) as refused:
        hash_plain_value([{"here": value}], name="conditioning")
    assert "conditioning[0]['here']" in str(refused.value)
    assert type(value).__qualname__ in str(refused.value)


def test_values_that_contain_themselves_are_refused():
    loop = []
    loop.append({"again": loop})
    with pytest.raises(FingerprintRefusedError, match="contains itself"):
        hash_plain_value(loop)
    shared = ["x"]
    assert hash_plain_value([shared, shared]) == hash_plain_value([["x"], ["x"]])


def test_bottomless_nesting_is_refused():
    value = "bottom"
    for _ in range(5000):
        value = [value]
    with pytest.raises(FingerprintRefusedError, match="64 levels"):
        hash_plain_value(value)


def test_keys_must_be_plain():
    with pytest.raises(FingerprintRefusedError, match="tuple as a key"):
        hash_plain_value({("a",): 1})


@dataclass(frozen=True)
class Renamed:
    """`Plan`, under another name and with a field more."""

    seed: int
    fps: Fraction
    comment: str = ""

    HASHED_AS: ClassVar = ("Plan", "fps seed")


@dataclass(frozen=True)
class Extended(Renamed):
    more: int = 0


def test_a_class_that_says_what_it_is_hashed_as_may_be_renamed_and_extended():
    assert hash_plain_value(Renamed(1, Fraction(25), "new")) == hash_plain_value(Plan(Fraction(25), 1))
    assert hash_plain_value(Renamed(2, Fraction(25))) != hash_plain_value(Plan(Fraction(25), 1))


def test_a_class_that_says_nothing_is_hashed_by_its_own_name_and_all_its_fields():
    assert hash_plain_value(Extended(1, Fraction(25), more=1)) != hash_plain_value(Extended(1, Fraction(25), more=2))
    assert hash_plain_value(Extended(1, Fraction(25))) != hash_plain_value(Renamed(1, Fraction(25)))


def test_the_window_of_a_plan_is_hashed_as_stored_runs_know_it():
    plan = make_plan(
        audio_samples=24000, sample_rate=8000, window_seconds=1.0, overlap_seconds=0.36, fps=25, last_window="full"
    )
    # The component "value plan" of window 1 in tests/golden/stored_runs.
    assert short_hex(hash_plain_value(plan_part(plan, 1))) == "40938f32c73b"


@settings(deadline=None)
@given(st.lists(st.text(max_size=4), max_size=5), st.lists(st.text(max_size=4), max_size=5))
def test_parts_cannot_be_shifted_into_each_other(first, second):
    assert (digest_parts("kind", *first) == digest_parts("kind", *second)) == (first == second)
