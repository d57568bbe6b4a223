from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.kinds import LatentError
from audio_loop.latent_ops.window import window_latent

CONTEXT = {"samples": torch.randn(1, 128, 7, 2, 3), "noise_mask": torch.ones(1, 1, 7, 1, 1)}
AUDIO = {"samples": torch.randn(1, 8, 497, 16), "type": "audio"}


def test_context_first_then_empty_frames_with_fresh_masks():
    video, audio, report = window_latent(CONTEXT, AUDIO, 63, expected_audio_latents=497)
    assert video["samples"].shape == (1, 128, 63, 2, 3)
    assert torch.equal(video["samples"][:, :, :7], CONTEXT["samples"])
    assert not video["samples"][:, :, 7:].any()
    assert video["noise_mask"].shape == (1, 1, 63, 1, 1)
    assert video["noise_mask"].flatten().tolist() == [0.0] * 7 + [1.0] * 56
    assert torch.equal(audio["samples"], AUDIO["samples"])
    assert audio["noise_mask"].shape == (1, 1, 497, 16)
    assert not audio["noise_mask"].any()
    assert audio["type"] == "audio"
    assert video["noise_mask"].dtype == audio["noise_mask"].dtype == torch.float32
    assert report == (
        "window of 63 latents (497 px): context 7 latents (49 px, mask 0), new 56 latents (448 px, mask 1); "
        "audio 497 latents (mask 0)"
    )


def test_a_lead_in_is_made_anew_in_front_of_the_context_that_stays():
    video, _, report = window_latent(CONTEXT, AUDIO, 63, lead_in_latents=1)
    assert video["noise_mask"].flatten().tolist() == [1.0] + [0.0] * 6 + [1.0] * 56
    assert not video["samples"][:, :, :1].any()
    assert torch.equal(video["samples"][:, :, 1:7], CONTEXT["samples"][:, :, 1:])
    assert CONTEXT["samples"][:, :, :1].any()
    assert "(49 px, mask 0, but 1 of lead-in that is made and not kept), new 56 latents" in report


@pytest.mark.parametrize("lead_in", [7, 8, -1])
def test_a_lead_in_leaves_some_of_the_context(lead_in):
    with pytest.raises(LatentError, match=f"a lead-in of {lead_in} latents leaves nothing of a context"):
        window_latent(CONTEXT, AUDIO, 63, lead_in_latents=lead_in)


def test_masks_stay_float32_where_the_latents_are_half():
    half = {"samples": CONTEXT["samples"].half()}
    video, audio, _ = window_latent(half, {"samples": AUDIO["samples"].bfloat16()}, 8)
    assert (video["samples"].dtype, audio["samples"].dtype) == (torch.float16, torch.bfloat16)
    assert video["noise_mask"].dtype == audio["noise_mask"].dtype == torch.float32


def test_one_song_serves_a_batch_of_pictures():
    context = {"samples": CONTEXT["samples"].repeat(2, 1, 1, 1, 1)}
    video, audio, _ = window_latent(context, AUDIO, 9)
    assert video["noise_mask"].shape[0] == audio["samples"].shape[0] == audio["noise_mask"].shape[0] == 2
    with pytest.raises(LatentError, match="batch 3"):
        window_latent(context, {"samples": AUDIO["samples"].repeat(3, 1, 1, 1)}, 9)


@pytest.mark.parametrize("window", [7, 6, 2])
def test_a_window_must_have_a_new_frame(window):
    works = rf"\(1, 128, 7, 2, 3\); use a window of at least 8 latents, or a context of at most {window - 1}$"
    with pytest.raises(LatentError, match=works):
        window_latent(CONTEXT, AUDIO, window)


def test_audio_of_another_length_is_refused_with_the_difference():
    window_latent(CONTEXT, {"samples": AUDIO["samples"][:, :, :496]}, 63, expected_audio_latents=497)
    with pytest.raises(LatentError, match=r"has 495 latents, a window of 497 px needs 497: 2 too few; pad the song"):
        window_latent(CONTEXT, {"samples": AUDIO["samples"][:, :, :495]}, 63, expected_audio_latents=497)
    with pytest.raises(LatentError, match=r"2 too many; cut the window's slice"):
        window_latent(CONTEXT, {"samples": torch.zeros(1, 8, 499, 16)}, 63, expected_audio_latents=497)


def test_wrong_kinds_are_refused(nested_class):
    with pytest.raises(LatentError, match=r"context must be a video latent .*\(1, 8, 497, 16\)"):
        window_latent(AUDIO, AUDIO, 63)
    with pytest.raises(LatentError, match=r"audio_latent must be an audio latent .*\(1, 128, 7, 2, 3\)"):
        window_latent(CONTEXT, CONTEXT, 63)
    with pytest.raises(LatentError, match="nested"):
        window_latent({"samples": nested_class([CONTEXT["samples"], AUDIO["samples"]])}, AUDIO, 63)


def test_comfyui_takes_the_pair_and_its_masks_reach_every_frame(core_ltx_nodes):
    """The joint latent and the masks as the sampler would spread them (`CFGGuider.sample`)."""
    from comfy.sampler_helpers import prepare_mask

    video, audio, _ = window_latent(CONTEXT, AUDIO, 63, expected_audio_latents=497)
    joint = core_ltx_nodes.LTXVConcatAVLatent.execute(video, audio).args[0]
    shapes = [part.shape for part in joint["samples"].unbind()]
    masks = [
        prepare_mask(mask, shape, torch.device("cpu")) for mask, shape in zip(joint["noise_mask"].unbind(), shapes, strict=True)
    ]
    assert [mask.shape for mask in masks] == shapes
    assert not masks[0][:, :, :7].any()
    assert (masks[0][:, :, 7:] == 1).all()
    assert not masks[1].any()
