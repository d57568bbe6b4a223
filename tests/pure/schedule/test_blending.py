from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.schedule.blending import blend_at, effective_blend, shortened_ramps
from audio_loop.schedule.parser import ScheduleError, parse_schedule
from audio_loop.schedule.snapping import snap_schedule

STRIDE = "17.92"
TWO = parse_schedule("0:00: a\n1:15: b")


def blend_of(schedule, window, stride, blend, snap=True):
    """The blend on a grid whose overlap is not known, so that times are those of the windows' starts."""
    return blend_at(snap_schedule(schedule, stride, snap=snap), window, blend)


def b_share(blend, value):
    """How much of the prompt `value` the window takes."""
    return blend.factor * (blend.next.value == value) + (1 - blend.factor) * (blend.current.value == value)


@pytest.mark.parametrize(
    ("strides", "shares"),
    [
        (0, [0, 0, 1, 1, 1]),
        (1, [0, 0, 0.5, 1, 1]),
        (2, [0, 0, 0.5, 1, 1]),
        (3, [0, 0.067, 0.5, 0.933, 1]),
        (4, [0, 0.146, 0.5, 0.854, 1]),
        (5, [0.024, 0.206, 0.5, 0.794, 0.976]),
    ],
)
def test_the_raised_cosine_around_window_4(strides, shares):
    blends = [blend_of(TWO, k, STRIDE, strides * 17.92) for k in range(2, 7)]
    assert [b_share(blend, "b") for blend in blends] == pytest.approx(shares, abs=5e-4)


def test_a_blend_below_the_stride_acts_as_one_stride():
    assert [blend_of(TWO, k, STRIDE, 5).factor for k in (3, 4, 5)] == [0.0, pytest.approx(0.5), 0.0]


def test_a_blend_of_5_is_raised_to_17_92_with_a_warning():
    effective = effective_blend(5, STRIDE)
    assert float(effective.seconds) == 17.92
    assert "5.0 s" in effective.warning
    assert "17.92 s" in effective.warning


@pytest.mark.parametrize("blend", [0, 17.92, 40])
def test_other_blends_stay_and_warn_of_nothing(blend):
    effective = effective_blend(blend, STRIDE)
    assert float(effective.seconds) == blend
    assert effective.warning is None


def test_bad_blends_are_refused():
    with pytest.raises(ScheduleError, match="-1"):
        effective_blend(-1, STRIDE)
    with pytest.raises(PlanError, match="blend_seconds"):
        effective_blend(float("inf"), STRIDE)


def test_outside_a_ramp_the_next_prompt_is_named_at_factor_zero():
    blend = blend_of(TWO, 1, STRIDE, 0)
    assert (blend.current.value, blend.next.value, blend.factor) == ("a", "b", 0.0)
    last = blend_of(TWO, 9, STRIDE, 0)
    assert (last.current.value, last.next.value, last.factor) == ("b", "b", 0.0)
    assert float(last.time) == 161.28


def test_short_entries_shorten_the_ramps_and_are_reached_in_full():
    schedule = parse_schedule("0:00: a\n35.84: b\n71.68: c")  # boundaries at windows 2 and 4
    blends = [blend_of(schedule, k, STRIDE, 5 * 17.92) for k in range(7)]
    assert [(blend.current.value, blend.next.value) for blend in blends[1:6]] == [
        ("a", "b"),
        ("a", "b"),
        ("b", "c"),
        ("b", "c"),
        ("b", "c"),
    ]
    shares = [b_share(blend, "b") for blend in blends[:4]]
    assert shares == pytest.approx([0.024, 0.206, 0.5, 1.0], abs=5e-4)
    assert [b_share(blend, "c") for blend in blends[3:]] == pytest.approx([0, 0.5, 0.794, 0.976], abs=5e-4)


def test_neighbouring_windows_that_both_switch_are_half_and_half():
    schedule = parse_schedule("0:00: a\n17.92: b\n35.84: c")
    blends = [blend_of(schedule, k, STRIDE, 3 * 17.92) for k in (1, 2)]
    assert [(b.current.value, b.next.value, b.factor) for b in blends] == [
        ("a", "b", pytest.approx(0.5)),
        ("b", "c", pytest.approx(0.5)),
    ]


def test_shortened_ramps_are_told():
    schedule = parse_schedule("0:00: a\n35.84: b\n71.68: c")
    report = snap_schedule(schedule, STRIDE)
    sentences = shortened_ramps(report, 5 * 17.92)
    assert len(sentences) == 2
    assert "line 2" in sentences[0]
    assert "62.72 s" in sentences[0]  # two and a half strides in front, one behind
    assert shortened_ramps(report, 2 * 17.92) == ()


def test_unsnapped_is_a_line_that_ends_on_the_boundary():
    blends = [blend_of(TWO, k, STRIDE, 10, snap=False) for k in range(6)]
    assert [blend.factor for blend in blends] == pytest.approx([0, 0, 0, 0, 1 - (75 - 71.68) / 10, 0])
    assert [blend.current.value for blend in blends] == ["a", "a", "a", "a", "a", "b"]
    assert blends[4].next.value == "b"


def test_unsnapped_takes_a_blend_below_the_stride_as_it_is():
    assert blend_of(TWO, 4, STRIDE, 5, snap=False).factor == pytest.approx(1 - 3.32 / 5)
    assert blend_of(TWO, 4, STRIDE, 0, snap=False).factor == 0


STARTS = st.lists(st.integers(0, 300), min_size=1, max_size=6, unique=True)


@given(STARTS, st.integers(0, 40), st.fractions(1, 30, max_denominator=50), st.fractions(0, 200, max_denominator=50))
def test_the_factor_is_below_one_and_mixes_neighbours_in_time(starts, window, stride, blend):
    schedule = parse_schedule("\n".join(f"{s}: p{s}" for s in sorted(starts)))
    report = snap_schedule(schedule, stride)
    result = blend_of(schedule, window, stride, blend)
    assert 0 <= result.factor < 1
    values = [entry.value for _, entry in report.steps]
    ahead = values.index(result.next.value) - values.index(result.current.value)
    assert ahead in (0, 1)
    if result.factor == 0:
        assert result.current is report.assignment(window)
    else:
        assert report.assignment(window) in (result.current, result.next)


@given(STARTS, st.fractions(1, 30, max_denominator=50), st.fractions(0, 200, max_denominator=50))
def test_on_a_boundary_the_mix_is_even(starts, stride, blend):
    schedule = parse_schedule("\n".join(f"{s}: p{s}" for s in sorted(starts)))
    for boundary, entry in snap_schedule(schedule, stride).steps[1:]:
        result = blend_of(schedule, boundary, stride, blend)
        if blend == 0:
            assert (result.current, result.factor) == (entry, 0.0)
        else:
            assert (result.next, result.factor) == (entry, pytest.approx(0.5))


def test_unsnapped_a_window_takes_what_holds_when_it_is_seen():
    report = snap_schedule(TWO, STRIDE, overlap="1.96", snap=False)
    # Iteration 4 is seen from 73.64 s on, 1.36 s in front of the boundary; its window starts at 71.68 s.
    blend = blend_at(report, 4, 5)
    assert blend.factor == pytest.approx(1 - 1.36 / 5)
    assert float(blend.time) == 71.68


@pytest.mark.no_cover  # it would be measured three times as slow
def test_400_windows_of_400_entries_take_no_time():
    text = "\n".join(f"{k * 18}: p{k}" for k in range(400))
    taken_seconds = []
    for _ in range(3):
        started = time.process_time()
        report = snap_schedule(parse_schedule(text), STRIDE, iterations=399, overlap="1.96")
        for k in range(401):
            blend_at(report, k, 53.76)
        taken_seconds.append(time.process_time() - started)
    assert min(taken_seconds) < 0.1  # 0.05 s on a busy machine


THREE = parse_schedule("0:00: a\n0:54: b\n1:48: c\n2:42: d")


@pytest.mark.parametrize("boundary", [3, 6, 9])
def test_every_boundary_has_the_same_ramp(boundary):
    value = "bcd"[boundary // 3 - 1]
    shares = [b_share(blend_of(THREE, boundary + k, 18, 36), value) for k in (-1, 0, 1)]
    assert shares == pytest.approx([0, 0.5, 1])
    assert [b_share(blend_of(THREE, boundary + k, 18, 54), value) for k in (-1, 1)] == pytest.approx([0.067, 0.933], abs=5e-4)


@pytest.mark.parametrize("boundary", [3, 6, 9])
def test_unsnapped_every_boundary_has_the_same_line_in_front_of_it(boundary):
    blends = [blend_of(THREE, boundary - k, 18, 54, snap=False) for k in (3, 2, 1, 0)]
    assert [blend.factor for blend in blends] == pytest.approx([0, 1 / 3, 2 / 3, 0])
    assert [blend.next.value for blend in blends[:3]] == ["bcd"[boundary // 3 - 1]] * 3
    assert blends[3].current.value == "bcd"[boundary // 3 - 1]
