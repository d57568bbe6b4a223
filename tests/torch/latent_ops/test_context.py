from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.latent_ops.context import context_tail, overlap_trim, strip_noise_mask
from audio_loop.latent_ops.kinds import LatentError


def numbered(frames, *, audio=False, dtype=torch.float32):
    """A latent whose every value is the index of its frame."""
    shape = (1, 8, frames, 16) if audio else (1, 4, frames, 2, 2)
    index = torch.arange(frames, dtype=dtype).view(1, 1, -1, *([1] * (len(shape) - 3)))
    return index.expand(shape).clone()


def frames_of(samples):
    return samples[0, 0].flatten(1)[:, 0].tolist()


def test_tail_and_trim_by_hand():
    latent = {"samples": numbered(5)}
    assert frames_of(context_tail(latent, 2)["samples"]) == [3, 4]
    assert frames_of(context_tail(latent, 5)["samples"]) == [0, 1, 2, 3, 4]
    assert frames_of(overlap_trim(latent, 2)["samples"]) == [2, 3, 4]
    assert frames_of(overlap_trim(latent, 0)["samples"]) == [0, 1, 2, 3, 4]
    assert frames_of(overlap_trim(latent, 4)["samples"]) == [4]


@given(total=st.integers(1, 30), data=st.data(), audio=st.booleans())
def test_head_kept_by_a_shorter_tail_and_trim_rebuild_the_latent(total, data, audio):
    overlap = data.draw(st.integers(0, total - 1))
    latent = {"samples": numbered(total, audio=audio)}
    head = latent["samples"].narrow(2, 0, overlap)
    assert torch.equal(torch.cat([head, overlap_trim(latent, overlap)["samples"]], dim=2), latent["samples"])
    assert torch.equal(context_tail(latent, total - overlap)["samples"], overlap_trim(latent, overlap)["samples"])


@pytest.mark.parametrize("overlap", [0, -1, 6])
def test_a_context_must_exist(overlap):
    with pytest.raises(LatentError, match=r"\(1, 4, 5, 2, 2\) with 5 on its time axis; use 1 to 5"):
        context_tail({"samples": numbered(5)}, overlap)


@pytest.mark.parametrize("overlap", [-1, 5, 6])
def test_a_trim_must_leave_something(overlap):
    with pytest.raises(LatentError, match=r"\(1, 4, 5, 2, 2\) with 5 on its time axis, .*use 0 to 4"):
        overlap_trim({"samples": numbered(5)}, overlap)


@pytest.mark.parametrize("operation", [context_tail, overlap_trim])
def test_pictures_have_no_tail(operation):
    with pytest.raises(LatentError, match=r"\(1, 4, 64, 64\)"):
        operation({"samples": torch.zeros(1, 4, 64, 64)}, 1)


@pytest.mark.parametrize("operation", [context_tail, overlap_trim])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_no_mask_is_handed_on_and_the_rest_is(operation, dtype):
    latent = {"samples": numbered(5, dtype=dtype), "noise_mask": torch.ones(1, 1, 5, 1, 1), "batch_index": [2]}
    result = operation(latent, 2)
    assert result.keys() == {"samples", "batch_index"}
    assert result["samples"].dtype == dtype


def test_the_audio_of_a_window_is_cut_where_its_pictures_are(nested_class):
    # 497 px at 25 fps are 63 latents and 497 audio latents; 7 latents of overlap are 49 px, and 497 - 49 = 448 is one
    # stride.
    window = {"samples": nested_class([numbered(63), numbered(497, audio=True)])}
    video, audio = context_tail(window, 7)["samples"].unbind()
    assert (frames_of(video)[0], len(frames_of(video))) == (56, 7)
    assert (frames_of(audio)[0], len(frames_of(audio))) == (448, 49)
    video, audio = overlap_trim(window, 7)["samples"].unbind()
    assert (frames_of(video)[0], len(frames_of(video))) == (7, 56)
    assert (frames_of(audio)[0], len(frames_of(audio))) == (49, 448)
    assert isinstance(overlap_trim(window, 7)["samples"], nested_class)


def test_the_rate_of_the_audio_is_that_of_the_latent(nested_class):
    # 497 px at 24 fps are 517.7 audio latents, 49 px are 51.04 of them.
    window = {"samples": nested_class([numbered(63), numbered(518, audio=True)])}
    assert context_tail(window, 7)["samples"].tensors[1].shape[2] == 51
    assert overlap_trim(window, 7)["samples"].tensors[1].shape[2] == 518 - 51


def test_audio_that_does_not_reach_the_cut_is_refused(nested_class):
    short = {"samples": nested_class([numbered(63), numbered(30, audio=True)])}
    with pytest.raises(LatentError, match=r"ends before position 30"):
        context_tail(short, 1)


def test_stripping_leaves_the_samples_alone(nested_class):
    joint = nested_class([numbered(3), numbered(9, audio=True)])
    for samples in (numbered(3), numbered(3, audio=True), torch.zeros(1, 4, 8, 8), joint):
        stripped = strip_noise_mask({"samples": samples, "noise_mask": torch.zeros(1), "type": "audio"})
        assert stripped.keys() == {"samples", "type"}
        assert stripped["samples"] is samples
    with pytest.raises(LatentError, match="connect a LATENT"):
        strip_noise_mask({"noise_mask": torch.zeros(1)})
