"""Cells and small pictures are the means that they are said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.watching.cells import CellMeans, Smaller
from audio_loop.watching.motion import MotionOf
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS


@settings(max_examples=40)
@given(height=st.integers(CELL_ROWS, 70), width=st.integers(CELL_COLUMNS, 90), seed=st.integers(0, 99))
def test_cells_are_of_equal_size_and_what_is_left_is_the_last_ones(height, width, seed):
    picture = np.random.default_rng(seed).random((height, width)).astype(np.float32)
    means = CellMeans(height, width).means(picture)
    rows, columns = height // CELL_ROWS, width // CELL_COLUMNS
    for row in (0, 4, CELL_ROWS - 1):
        for column in (0, 7, CELL_COLUMNS - 1):
            down = slice(row * rows, None if row == CELL_ROWS - 1 else (row + 1) * rows)
            right = slice(column * columns, None if column == CELL_COLUMNS - 1 else (column + 1) * columns)
            assert means[row, column] == pytest.approx(picture[down, right].mean(), rel=1e-5)


@settings(max_examples=30)
@given(height=st.integers(1, 40), width=st.integers(1, 40), factor=st.integers(1, 9))
def test_a_smaller_picture_is_made_of_the_means_of_squares(height, width, factor):
    factor = min(factor, height, width)
    picture = np.random.default_rng(factor).random((height, width)).astype(np.float32)
    small = Smaller(height, width, factor).picture(picture)
    assert small.shape == (height // factor, width // factor)
    assert small[-1, 0] == pytest.approx(picture[(small.shape[0] - 1) * factor :][:factor, :factor].mean(), rel=1e-5)


def test_a_change_of_brightness_and_a_picture_without_structure_are_no_motion():
    picture = np.random.default_rng(1).random((40, 60)).astype(np.float32)
    motion = MotionOf(40, 60)
    brighter = motion.between(picture, picture + np.float32(0.1))
    assert (brighter.zoom, brighter.shift_x, brighter.shift_y) == pytest.approx((0, 0, 0), abs=1e-5)
    flat = motion.between(np.full_like(picture, 0.5), np.full_like(picture, 0.6))
    assert (flat.zoom, flat.shift_x, flat.shift_y) == pytest.approx((0, 0, 0), abs=1e-5)


def test_growth_across_and_down_are_told_apart():
    from scipy import ndimage

    before = ndimage.gaussian_filter(np.random.default_rng(2).random((60, 100)), 2.0).astype(np.float32)
    rows, columns = np.mgrid[:60, :100].astype(float)
    wider = ndimage.map_coordinates(before, [rows, 49.5 + (columns - 49.5) / 1.004], order=3).astype(np.float32)
    motion = MotionOf(60, 100).between(before, wider)
    assert motion.growth_x == pytest.approx(0.004, rel=0.1)
    assert motion.growth_y == pytest.approx(0, abs=0.0004)
    assert 0 < motion.zoom < motion.growth_x
