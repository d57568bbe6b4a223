from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.video.errors import VideoError
from audio_loop.video.latent_feed import LatentFeed, video_latent


def numbered(start, end):
    return torch.arange(start, end, dtype=torch.float32).reshape(1, 1, -1, 1, 1)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.data())
def test_any_window_of_any_segments_is_the_window_of_the_whole(lengths, data):
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    feed = LatentFeed(numbered(a, b) for a, b in itertools.pairwise(edges))
    start = data.draw(st.integers(0, edges[-1] - 1))
    end = data.draw(st.integers(start + 1, edges[-1]))
    feed.load_until(end)
    feed.release_before(start)
    assert feed.window(start, end).flatten().tolist() == list(range(start, end))


def test_segments_are_asked_for_when_needed_and_let_go():
    asked = []

    def segments():
        for start in range(0, 12, 4):
            asked.append(start)
            yield numbered(start, start + 4)

    feed = LatentFeed(segments())
    assert feed.load_until(3) == 4
    assert asked == [0]
    assert feed.load_until(9) == 12
    feed.release_before(9)
    assert len(feed._held) == 1
    assert feed.load_until(99) == 12
    assert feed.ended


def test_segments_of_another_size_are_refused():
    feed = LatentFeed([torch.zeros(1, 8, 2, 4, 6), torch.zeros(1, 8, 2, 4, 5)])
    with pytest.raises(VideoError, match=r"segment at latent 2 is 8 channels of 5x4, those before it are 8 channels of 6x4"):
        feed.load_until(3)


@pytest.mark.parametrize(
    ("shape", "message"),
    [((1, 8, 4, 4), "5 dimensions"), ((2, 8, 3, 4, 4), "holds 2 videos"), ((1, 8, 0, 4, 4), "no frames at all")],
)
def test_what_is_not_one_video_is_refused(shape, message):
    with pytest.raises(VideoError, match=message):
        video_latent({"samples": torch.zeros(shape)})


def test_the_video_part_of_an_audio_video_latent_is_taken(nested_class):
    video, audio = torch.zeros(1, 128, 3, 2, 2), torch.zeros(1, 8, 20, 16)
    assert video_latent({"samples": nested_class([video, audio])}) is video
