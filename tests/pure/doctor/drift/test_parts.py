"""Pieces of a video: its windows if they are known, and sections by its prompts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from audio_loop.doctor.case import Case
from audio_loop.doctor.drift.parts import parts_of, scene_changes_px
from audio_loop.tests.pure.doctor.cases_with_sound import still_frames
from audio_loop.tests.pure.watching.films import texture
from audio_loop.watching.place_changes import place_changes
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, WatchedVideo
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


def shown(cells):
    """A case of frames of which only the light of the cells is known."""
    frames = still_frames(len(cells), cell_luma=(255 * np.array(cells)).clip(0, 255).astype(np.uint8))
    return Case(WatchedVideo(Path("video.mp4"), 832, 448, Fraction(25), "h264", frames, (), False))


def test_a_cut_that_no_schedule_has_begins_a_section():
    here, there = (texture(seed, CELL_ROWS, CELL_COLUMNS, blur=1.5) for seed in (1, 2))
    assert scene_changes_px(shown([here] * 40 + [there] * 40)) == (40,)


def test_a_camera_that_pans_over_other_places_begins_none():
    wide = texture(1, 20 * CELL_ROWS, 4 * CELL_COLUMNS * 20, blur=30)
    case = shown([wide[::20, at : at + 20 * CELL_COLUMNS : 20] for at in range(0, 480, 6)])
    assert place_changes(case.video)
    assert scene_changes_px(case) == ()


def test_windows_that_a_video_ends_before_have_no_pieces(pictures):
    plan = plan_for(40)
    cut = plan.windows[2].new_start_px
    case = case_of(pictures[:cut], plan)
    parts = parts_of(case)
    assert all(part.start_px < part.stop_px for part in parts)
    assert {part.window for part in parts} == {0, 1}
    assert parts[-1].stop_px == cut
