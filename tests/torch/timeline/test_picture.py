"""The picture of a plan: what each window shares and adds, and where the song ends."""

from __future__ import annotations

import pytest
import torch
from PIL import ImageColor

from audio_loop.loop_control.plan import make_plan
from audio_loop.timeline.picture import (
    BACKGROUND,
    FRESH,
    GAP_PX,
    MARGIN_PX,
    MOST_ROWS,
    ROW_PX,
    SHARED,
    SONG,
    TEXT,
    WIDTH_PX,
    timeline_image,
)


def plan_of(seconds, window=6, overlap=1):
    return make_plan(audio_samples=seconds * 8000, sample_rate=8000, window_seconds=window, overlap_seconds=overlap, fps=25)


def is_of(picture, colour):
    """(H, W) True for pixels of that very colour."""
    wanted = torch.tensor(ImageColor.getrgb(colour)) / 255
    return (picture[0] - wanted).abs().amax(-1) < 1e-6


def reach(mask):
    """First and last column of a mask."""
    columns = mask.any(0).nonzero().flatten()
    return int(columns[0]), int(columns[-1])


def rows_of(picture, row):
    top = MARGIN_PX + row * ROW_PX
    return picture[:, top : top + ROW_PX - GAP_PX]


def test_it_is_an_image_with_a_row_for_each_window():
    plan = plan_of(30)
    picture = timeline_image(plan)
    assert picture.dtype == torch.float32
    assert picture.shape == (1, 2 * MARGIN_PX + ROW_PX * (len(plan.windows) + 1), WIDTH_PX, 3)
    assert 0 <= picture.min() <= picture.max() <= 1


def test_each_bar_lies_where_its_window_does_in_the_video():
    plan = plan_of(30)
    picture = timeline_image(plan)
    scale = (WIDTH_PX - 2 * MARGIN_PX) / plan.frames_made
    for row, window in enumerate(plan.windows):
        bar = rows_of(picture, row)
        fresh = reach(is_of(bar, FRESH))
        assert fresh[0] == pytest.approx(MARGIN_PX + window.new_start_px * scale, abs=1)
        assert fresh[1] == pytest.approx(MARGIN_PX + window.new_stop_px * scale, abs=1)
        if row:
            assert reach(is_of(bar, SHARED))[0] == pytest.approx(MARGIN_PX + window.window_start_px * scale, abs=1)


def test_a_label_stands_behind_its_bar_and_before_it_if_there_is_no_room():
    plan = plan_of(30)
    picture = timeline_image(plan)
    for row, is_behind in ((0, True), (len(plan.windows) - 1, False)):
        bar = rows_of(picture, row)
        fresh, words = reach(is_of(bar, FRESH)), reach(is_of(bar, TEXT))
        assert (words[0] > fresh[1]) == is_behind
        assert (words[1] < fresh[0]) != is_behind


def test_a_label_stands_in_a_bar_that_leaves_no_room_beside_it():
    plan = plan_of(4)
    assert len(plan.windows) == 1
    bar = rows_of(timeline_image(plan), 0)
    assert not is_of(bar, TEXT).any()
    first, last = reach(is_of(bar, FRESH))
    inside = is_of(bar[:, :, first : last + 1], BACKGROUND)
    assert inside.any()
    assert reach(inside)[1] < 200


def test_the_song_s_end_is_a_line_and_is_named():
    plan = plan_of(29)
    picture = timeline_image(plan)
    scale = (WIDTH_PX - 2 * MARGIN_PX) / plan.frames_made
    line = is_of(picture, SONG).all(0).nonzero().flatten()
    assert float(line.float().mean()) == pytest.approx(MARGIN_PX + 29 * 25 * scale, abs=1.5)
    beside = is_of(picture[:, -ROW_PX:, : int(line[0]) - 5], SONG)
    assert beside.any(), "the caption stands before the line"


def test_of_a_long_song_evenly_chosen_windows_are_drawn():
    plan = plan_of(500)
    picture = timeline_image(plan)
    step = -(-len(plan.windows) // MOST_ROWS)
    assert step > 1
    rows = -(-len(plan.windows) // step)
    assert rows <= MOST_ROWS
    assert picture.shape[1] == 2 * MARGIN_PX + ROW_PX * (rows + 1)
    scale = (WIDTH_PX - 2 * MARGIN_PX) / plan.frames_made
    second = reach(is_of(rows_of(picture, 1), FRESH))[0]
    assert second == pytest.approx(MARGIN_PX + plan.windows[step].new_start_px * scale, abs=1)
