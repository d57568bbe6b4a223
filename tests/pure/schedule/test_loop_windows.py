"""How many windows there are and where, from a plan or from stride and duration."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.errors import ScheduleError
from audio_loop.schedule.loop_windows import LoopWindows
from audio_loop.schedule.parser import parse_schedule

STRIDE = Fraction(1792, 100)


@pytest.mark.parametrize(
    ("duration", "count"),
    [(180.0, 11), (17.92, 1), (17.93, 2), (10.0, 1), (0.001, 1), (17.92 * 4, 4)],
)
def test_windows_of_a_duration(duration, count):
    assert LoopWindows(None, STRIDE, duration).count == count


@given(st.integers(1, 4000), st.integers(0, 3))
def test_there_is_a_window_for_the_initial_render_and_every_iteration(tenths, overlap):
    plan = make_plan(
        audio_samples=tenths * 4410 + 22050,
        sample_rate=44100,
        window_seconds=19.88,
        overlap_seconds=overlap + 1,
        fps=25,
    )
    assert LoopWindows(None, plan.stride, float(plan.duration)).count >= LoopWindows(plan).count == plan.iterations + 1


@pytest.mark.parametrize("duration", [0, 0.0, -1.0])
def test_no_duration_is_refused(duration):
    with pytest.raises(ScheduleError, match="audio_duration"):
        _ = LoopWindows(None, STRIDE, duration).count


@pytest.mark.parametrize("duration", [float("nan"), float("inf")])
def test_a_duration_that_is_no_number_is_refused(duration):
    with pytest.raises(ValueError, match="audio_duration"):
        _ = LoopWindows(None, STRIDE, duration).count


PLAN = make_plan(audio_samples=18_000, sample_rate=100, window_seconds=19.88, overlap_seconds=2, fps=25)


@pytest.mark.parametrize("plan", [None, PLAN])
def test_an_entry_begins_with_the_same_window_however_the_windows_are_told(plan):
    windows = LoopWindows(plan, STRIDE, 170.0, overlap_seconds="1.96")
    schedule = parse_schedule("0:00: a\n1:15: b")
    assert [at for at, _ in windows.snap(schedule).steps] == [0, 4]
    assert [at for at, _ in windows.snap(schedule, snap=False).steps] == [0, 5]


def test_a_stride_of_nothing_is_refused():
    with pytest.raises(ScheduleError, match="stride of 0 s"):
        _ = LoopWindows(None, 0, 170.0).count
