"""Pieces of a video: its windows if they are known, and sections by its prompts."""

from __future__ import annotations

import pytest

from audio_loop.doctor.drift.parts import parts_of, scene_changes_px
from tests.pure.doctor.drift.photographs import FPS, case_of, plan_for, wander


@pytest.fixture(scope="module")
def pictures():
    return list(wander("flower", 40, height=32, width=48))


def test_without_a_plan_pieces_are_about_four_seconds(pictures):
    parts = parts_of(case_of(pictures))
    assert [part.stop_px for part in parts[:-1]] == [part.start_px for part in parts[1:]]
    assert all(6 <= part.stop_px - part.start_px <= 10 for part in parts)
    assert {part.window for part in parts} == {None}
    assert (parts[0].start_px, parts[-1].stop_px) == (0, 80)


def test_few_windows_are_cut_into_equal_pieces(pictures):
    plan = plan_for(40, window=16.0)
    case = case_of(pictures, plan)
    parts = parts_of(case)
    assert len(parts) >= 6
    for window, (start, stop) in enumerate(case.windows_px()):
        mine = [part for part in parts if part.window == window]
        assert (mine[0].start_px, mine[-1].stop_px) == (start, stop)


def test_a_line_of_the_schedule_begins_a_section_at_its_window(pictures):
    plan = plan_for(40)
    seconds = plan.windows[3].new_start_px / FPS
    case = case_of(pictures, plan, f"0:00: she sings\n0:{seconds:05.2f}: she dances")
    assert scene_changes_px(case) == (plan.windows[3].new_start_px,)
    assert {part.section for part in parts_of(case) if part.window < 3} == {0}
    assert {part.section for part in parts_of(case) if part.window >= 3} == {1}


@pytest.mark.parametrize("schedule", [None, "0:00: she sings\n0:20: she sings", "0:00 she sings", ""])
def test_the_same_prompt_or_a_schedule_that_cannot_be_read_changes_nothing(pictures, schedule):
    assert scene_changes_px(case_of(pictures, plan_for(40), schedule)) == ()
