"""One picture of what arrives, and a word about the others."""

from __future__ import annotations

import pytest
import torch

from audio_loop.video.one_picture import one_picture


def test_one_picture_passes_as_it_is_and_without_a_word():
    picture = torch.rand(1, 4, 6, 3)
    same, report = one_picture(picture)
    assert same is picture
    assert report == ""


@pytest.mark.parametrize("count", [2, 9, 200])
def test_of_an_animation_the_first_picture_is_used_and_said_so(count):
    frames = torch.rand(count, 4, 6, 3)
    before = frames.clone()
    picture, report = one_picture(frames)
    assert torch.equal(picture, before[:1])
    assert report.startswith(f"{count} pictures arrive (an animation, or a batch): the first is used")
    picture.zero_()
    assert torch.equal(frames, before)


def test_no_picture_is_refused():
    with pytest.raises(ValueError, match="no picture arrives"):
        one_picture(torch.zeros(0, 4, 6, 3))
