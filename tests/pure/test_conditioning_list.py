from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.blending import blend_at
from audio_loop.schedule.conditioning_list import count_windows, prompts_of, select
from audio_loop.schedule.errors import ScheduleError
from audio_loop.schedule.parser import parse_schedule
from audio_loop.schedule.snapping import snap_schedule

STRIDE = Fraction(1792, 100)


@pytest.mark.parametrize(
    ("duration", "count"),
    [(180.0, 11), (17.92, 1), (17.93, 2), (10.0, 1), (0.001, 1), (17.92 * 4, 4)],
)
def test_windows_of_a_duration(duration, count):
    assert count_windows(duration, STRIDE) == count


@given(st.integers(1, 4000), st.integers(0, 3))
def test_there_is_a_window_for_the_initial_render_and_every_iteration(tenths, overlap):
    plan = make_plan(
        audio_samples=tenths * 4410 + 22050,
        sample_rate=44100,
        window_seconds=19.88,
        overlap_seconds=overlap + 1,
        fps=25,
    )
    assert count_windows(float(plan.duration), plan.stride) >= plan.iterations + 1


@pytest.mark.parametrize("duration", [0, 0.0, -1.0])
def test_no_duration_is_refused(duration):
    with pytest.raises(ScheduleError, match="audio_duration"):
        count_windows(duration, STRIDE)


@pytest.mark.parametrize("duration", [float("nan"), float("inf")])
def test_a_duration_that_is_no_number_is_refused(duration):
    with pytest.raises(ValueError, match="audio_duration"):
        count_windows(duration, STRIDE)


def blends(text, count, blend_seconds=0.0):
    schedule = parse_schedule(text)
    report = snap_schedule(schedule, STRIDE)
    return [blend_at(report, k, blend_seconds) for k in range(count)]


def test_each_prompt_once_in_order_of_use():
    text = "0:00: verse\n0:36: chorus\n1:12: verse\n1:48: end"
    assert prompts_of(blends(text, 8)) == ("verse", "chorus", "end")


def test_a_prompt_that_no_window_takes_is_not_encoded():
    assert prompts_of(blends("0:00: verse\n0:36: chorus", 2)) == ("verse",)


def test_both_sides_of_a_blend_are_encoded():
    # One stride of blend: iteration 2 alone takes half of each, and the list ends there.
    assert prompts_of(blends("0:00: verse\n0:36: chorus", 3, 17.92)) == ("verse", "chorus")


def test_the_next_prompt_is_not_encoded_before_it_has_a_share():
    assert prompts_of(blends("0:00: verse\n0:36: chorus", 1, 17.92)) == ("verse",)


def test_select():
    assert [select("abc", k) for k in range(3)] == ["a", "b", "c"]


@pytest.mark.parametrize("iteration", [3, 4, -1])
def test_no_item_for_an_iteration(iteration):
    with pytest.raises(ValueError, match=f"iteration {iteration}; the list has iterations 0 to 2"):
        select("abc", iteration)


def test_an_empty_list():
    with pytest.raises(ValueError, match="the list is empty"):
        select([], 0)
