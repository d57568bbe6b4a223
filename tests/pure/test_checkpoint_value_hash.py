import enum
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import FingerprintRefusedError
from audio_loop.checkpoints.hashing import digest_parts
from audio_loop.checkpoints.value_hash import hash_value

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
    assert (hash_value(first) == hash_value(second)) == (canonical(first) == canonical(second))


@settings(deadline=None)
@given(VALUES)
def test_a_hash_repeats(value):
    assert hash_value(value) == hash_value(value)
    assert hash_value([value]) != hash_value(value)


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
    assert hash_value(first) == hash_value(second)


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
    assert hash_value(first) != hash_value(second)


@pytest.mark.parametrize("value", [object(), Mutable(1), lambda: 1, Mode, int, 1j, iter([1])])
def test_unknown_types_are_refused_by_name(value):
    with pytest.raises(FingerprintRefusedError) as refused:
        hash_value([{"here": value}], name="conditioning")
    assert "conditioning[0]['here']" in str(refused.value)
    assert type(value).__qualname__ in str(refused.value)


def test_values_that_contain_themselves_are_refused():
    loop = []
    loop.append({"again": loop})
    with pytest.raises(FingerprintRefusedError, match="contains itself"):
        hash_value(loop)
    shared = ["x"]
    assert hash_value([shared, shared]) == hash_value([["x"], ["x"]])


def test_bottomless_nesting_is_refused():
    value = "bottom"
    for _ in range(5000):
        value = [value]
    with pytest.raises(FingerprintRefusedError, match="64 levels"):
        hash_value(value)


def test_keys_must_be_plain():
    with pytest.raises(FingerprintRefusedError, match="tuple as a key"):
        hash_value({("a",): 1})


@settings(deadline=None)
@given(st.lists(st.text(max_size=4), max_size=5), st.lists(st.text(max_size=4), max_size=5))
def test_parts_cannot_be_shifted_into_each_other(first, second):
    assert (digest_parts("kind", *first) == digest_parts("kind", *second)) == (first == second)
