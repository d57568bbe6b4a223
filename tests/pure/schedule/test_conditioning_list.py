from __future__ import annotations

from fractions import Fraction

import pytest

from audio_loop.schedule.blending import blend_at
from audio_loop.schedule.conditioning_list import prompts_of, select
from audio_loop.schedule.parser import parse_schedule
from audio_loop.schedule.snapping import snap_schedule

STRIDE = Fraction(1792, 100)


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
    # One stride of blend: window 2 alone takes half of each, and the list ends there.
    assert prompts_of(blends("0:00: verse\n0:36: chorus", 3, 17.92)) == ("verse", "chorus")


def test_the_next_prompt_is_not_encoded_before_it_has_a_share():
    assert prompts_of(blends("0:00: verse\n0:36: chorus", 1, 17.92)) == ("verse",)


def test_select():
    assert [select("abc", k) for k in range(3)] == ["a", "b", "c"]


@pytest.mark.parametrize("window", [3, 4, -1])
def test_no_item_for_a_window(window):
    with pytest.raises(ValueError, match=f"window {window}; the list has windows 0 to 2"):
        select("abc", window)


def test_an_empty_list():
    with pytest.raises(ValueError, match="the list is empty"):
        select([], 0)
