"""Schedules of pictures: which window takes which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.plan import make_plan
from audio_loop.schedule.errors import ScheduleError
from audio_loop.schedule.keyframes import schedule_keyframes
from audio_loop.schedule.loop_windows import LoopWindows

PLAN = make_plan(audio_samples=180 * 100, sample_rate=100, window_seconds=19.88, overlap_seconds=2, fps=25)
PLANNED = LoopWindows(PLAN)


def test_pictures_change_where_the_schedule_says():
    keyframes = schedule_keyframes("0:00-1:15: 0\n1:15+: 1", 2, PLANNED)
    # 1:15 snaps to window 4, whose window starts at 71.68 s, as it does for prompts.
    assert keyframes.indices == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1)
    assert keyframes.windows == 10
    assert keyframes.used == (0, 1)
    assert keyframes.warnings == ()
    assert "1:13.64" in keyframes.lines[1]


def test_without_a_plan_stride_and_duration_say_where_windows_lie():
    with_plan = schedule_keyframes("0:00-1:15: 0\n1:15+: 1", 2, PLANNED)
    without = schedule_keyframes("0:00-1:15: 0\n1:15+: 1", 2, LoopWindows(stride_seconds=17.92, audio_duration=170.0))
    assert without.indices == with_plan.indices
    unsnapped = schedule_keyframes("0:00-1:15: 0\n1:15+: 1", 2, PLANNED, snap=False)
    assert unsnapped.indices == (0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1)


def test_auto_gives_each_window_its_own_picture():
    assert schedule_keyframes(" AUTO ", 10, PLANNED).indices == (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9)
    assert "12 pictures for 10 windows" in schedule_keyframes("auto", 12, PLANNED).warnings[0]
    with pytest.raises(ScheduleError, match="9 pictures for 10 windows; add 1"):
        schedule_keyframes("auto", 9, PLANNED)


def test_a_picture_that_is_not_there_is_refused_with_its_line():
    with pytest.raises(ScheduleError, match="names picture 2, but there are 2: 0 to 1") as caught:
        schedule_keyframes("0:00: 0\n1:00: 2", 2, PLANNED)
    assert caught.value.line == 2
    with pytest.raises(ScheduleError, match="index of a picture"):
        schedule_keyframes("0:00: a face", 2, PLANNED)
    with pytest.raises(ScheduleError, match="empty"):
        schedule_keyframes("", 2, PLANNED)


def test_a_picture_that_nobody_takes_is_said():
    assert schedule_keyframes("0:00+: 1", 3, PLANNED).warnings == ("no window takes picture 0, 2.",)


@given(st.lists(st.tuples(st.integers(0, 179), st.integers(0, 4)), min_size=1, unique_by=lambda each: each[0]), st.booleans())
def test_every_window_has_a_picture_that_is_there(entries, snap):
    text = "\n".join(f"{start}: {index}" for start, index in entries)
    keyframes = schedule_keyframes(text, 5, PLANNED, snap=snap)
    assert len(keyframes.indices) == PLAN.iterations + 2
    assert set(keyframes.indices) <= {index for _, index in entries}


def test_auto_says_which_windows_take_which_pictures():
    assert schedule_keyframes("auto", 10, PLANNED).lines == ("window k takes picture k, for k from 0 to 9.",)
