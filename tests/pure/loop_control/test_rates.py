from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.rates import clock_text, decimal_text, fps_text, parse_fps, read_number, seconds_text, told_apart

FILM = Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("value", "fps"),
    [
        (25, 25),
        (25.0, 25),
        ("25", 25),
        (12.5, Fraction(25, 2)),
        (23.976, FILM),
        (23.98, FILM),
        ("23.976", FILM),
        (24000 / 1001, FILM),
        (23.97599983215332, FILM),  # 23.976 after a way through a 32-bit float
        ("24000/1001", FILM),
        (" 24000 / 1001 ", FILM),
        (FILM, FILM),
        (29.97, Fraction(30000, 1001)),
        (47.952, Fraction(48000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (119.88, Fraction(120000, 1001)),
        (16.666666666666668, Fraction(50, 3)),
        (24.5, Fraction(49, 2)),
        (Fraction("23.976"), Fraction("23.976")),
        ("2997/100", Fraction(2997, 100)),
    ],
)
def test_frame_rates_that_people_write(value, fps):
    assert parse_fps(value) == fps


@pytest.mark.parametrize("value", [0, 0.0, -25, "-1", Fraction(-1)])
def test_frame_rates_not_above_zero_are_refused(value):
    with pytest.raises(PlanError, match=r"fps is .*above 0"):
        parse_fps(value)


@pytest.mark.parametrize(
    ("value", "nearest"), [(0.5, "nearest is 1$"), (1000.5, "nearest is 1000$"), (1e300, "nearest is 1000$")]
)
def test_absurd_frame_rates_are_refused_with_the_nearest(value, nearest):
    with pytest.raises(PlanError, match=nearest):
        parse_fps(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "nan", "inf", "", "fast", "25 fps", "1/0", "1e999999999", True, None]
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(PlanError, match="24000/1001"):
        parse_fps(value)


@given(st.integers(10, 1000))
def test_every_ntsc_rate_is_found_from_three_decimals(whole):
    exact = Fraction(whole * 1000, 1001)
    assert parse_fps(f"{float(exact):.3f}") == exact


@given(st.integers(1, 1000))
def test_whole_frame_rates_stay(whole):
    assert parse_fps(float(whole)) == whole


def test_numbers_are_read_as_their_text():
    assert read_number(19.88, "x") == Fraction(1988, 100)
    assert read_number(1e-07, "x") == Fraction(1, 10**7)
    assert read_number("1e2", "x") == 100


@pytest.mark.parametrize(
    ("value", "text"), [("1.96", "1.96"), ("2", "2.0"), ("0.005", "0.01"), ("-1.999", "-2.0"), ("-0.001", "0.0")]
)
def test_decimal_text(value, text):
    assert decimal_text(Fraction(value)) == text


def test_times_for_people():
    assert seconds_text(Fraction(448 * 1001, 24000)) == "18.685 s"
    assert [clock_text(Fraction(t)) for t in ("0", "37.8", "59.999", "75", "3723.5")] == [
        "0:00.00",
        "0:37.80",
        "1:00.00",
        "1:15.00",
        "1:02:03.50",
    ]
    assert [fps_text(f) for f in (Fraction(25), Fraction(25, 2), FILM)] == ["25", "12.5", "23.976 (24000/1001)"]


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        ("1/4", "1/2", ("0.25 s", "0.5 s")),
        ("1.0001", "1.0002", ("1.0001 s", "1.0002 s")),
        ("1", "1.000000001", ("1.0 s", "1.000000001 s")),
        ("1", "10000000001/10000000000", ("1 s", "10000000001/10000000000 s")),
    ],
)
def test_two_lengths_are_written_so_that_they_differ(one, other, texts):
    assert told_apart(Fraction(one), Fraction(other)) == texts
