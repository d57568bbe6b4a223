"""Planes of frames of any format and size, and the motion of pictures too small to have any."""

from __future__ import annotations

import av
import numpy as np
import pytest

from audio_loop.tests.pure.watching.films import texture, yuv_frame
from audio_loop.watching import subject_embedding
from audio_loop.watching.motion import STILL, MotionOf
from audio_loop.watching.planes import planes_of


def test_a_format_whose_name_says_full_range_is_shown_from_0_to_255():
    luma = np.tile(np.array([0, 255], np.uint8).repeat(32), (64, 1))
    planes = planes_of(yuv_frame(luma, pix_fmt="yuvj420p"), 64, 64)
    assert np.array_equal(planes.luma, luma)
    narrow = planes_of(yuv_frame(luma), 64, 64)
    assert (planes.levels.black, planes.levels.white) == (0, 255)
    assert (narrow.levels.black, narrow.levels.white) == (16, 235)


@pytest.mark.parametrize("size", [(64, 48), (32, 96)])
def test_a_frame_of_another_size_is_brought_to_that_of_the_first(size):
    width, height = size
    planes = planes_of(yuv_frame(np.full((64, 64), 120)), width, height)
    assert planes.luma.shape == planes.blue.shape == (height, width)
    assert planes.luma == pytest.approx(120, abs=1)
    assert (planes.levels.black, planes.levels.white) == (16, 235)


def test_pixels_that_are_not_yuv_get_the_narrow_range():
    white = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 255, np.uint8), "rgb24")
    planes = planes_of(white, 64, 64)
    assert planes.luma == pytest.approx(235, abs=1)
    assert planes.red == pytest.approx(128, abs=1)
    assert (planes.levels.black, planes.levels.white) == (16, 235)


def test_a_picture_too_small_for_structure_stands_still():
    before = texture(1, 6, 64).astype(np.float32)
    assert MotionOf(6, 64).between(before, np.roll(before, 3, 1)) is STILL
    assert MotionOf(64, 6).between(before.T, np.roll(before.T, 3, 0)) is STILL


def test_without_the_libraries_of_the_embedding_it_says_which(monkeypatch):
    monkeypatch.setattr(subject_embedding, "lacking", lambda *modules: [each for each in modules if each != "PIL"])
    assert subject_embedding.embedding_model() == "not installed: torch, transformers"
