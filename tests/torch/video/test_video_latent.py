from __future__ import annotations

import pytest
import torch

from audio_loop.video.errors import VideoError
from audio_loop.video.video_latent import video_latent


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
