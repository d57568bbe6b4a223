from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.latent_ops.audio_window import audio_latent_window, refuse_shorter_song
from audio_loop.latent_ops.kinds import LatentError

SONG = torch.arange(100, dtype=torch.float32).view(1, 1, -1, 1).expand(1, 8, 100, 16).clone()


def test_half_open_and_by_absolute_position():
    assert audio_latent_window({"samples": SONG}, 10, 13)["samples"][0, 0, :, 0].tolist() == [10, 11, 12]
    assert torch.equal(audio_latent_window({"samples": SONG}, 0, 100)["samples"], SONG)


@given(st.integers(1, 99))
def test_two_neighbours_are_the_whole(split):
    parts = [audio_latent_window({"samples": SONG}, a, b)["samples"] for a, b in ((0, split), (split, 100))]
    assert torch.equal(torch.cat(parts, dim=2), SONG)


def test_past_the_end_says_how_many_are_missing_and_what_to_do():
    with pytest.raises(LatentError, match=r"\(1, 8, 100, 16\) ends at 100: 3 are missing. Pad the song with silence"):
        audio_latent_window({"samples": SONG}, 90, 103)


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (6, 5), (-1, 5)])
def test_no_stretch_is_refused(start, stop):
    with pytest.raises(LatentError, match="0 <= start < stop"):
        audio_latent_window({"samples": SONG}, start, stop)


def test_the_mask_goes_the_type_and_dtype_stay():
    latent = {"samples": SONG.half(), "noise_mask": SONG, "type": "audio"}
    window = audio_latent_window(latent, 1, 4)
    assert window.keys() == {"samples", "type"}
    assert window["samples"].dtype == torch.float16


def test_video_and_nested_are_refused_with_their_shape(nested_class):
    video = torch.zeros(1, 128, 7, 2, 3)
    with pytest.raises(LatentError, match=r"\(1, 128, 7, 2, 3\)"):
        audio_latent_window({"samples": video}, 0, 1)
    with pytest.raises(LatentError, match="LTXVSeparateAVLatent"):
        audio_latent_window({"samples": nested_class([video, SONG])}, 0, 1)


def test_a_song_that_is_shorter_than_its_plan_is_refused_before_the_first_window():
    """645 for 1498 frames is what ComfyUI's encoder gave when it ran out of memory."""
    refuse_shorter_song({"samples": SONG}, 100)
    with pytest.raises(LatentError, match=r"ends at 100, but the plan needs 101: 1 are missing\. Encode the song"):
        refuse_shorter_song({"samples": SONG}, 101)
