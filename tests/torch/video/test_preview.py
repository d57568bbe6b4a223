from __future__ import annotations

import json

import pytest
import torch

from audio_loop.video import preview
from audio_loop.video.preview import _spread, preview_frames


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[0])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


def test_pictures_are_spread_over_the_window():
    assert _spread(63, 4) == [0, 21, 41, 62]
    assert _spread(2, 4) == [0, 1]
    assert _spread(63, 1) == [31]


def test_linear_colours_need_no_decoder_and_differ_between_latents(comfy_on_cpu):
    latent = torch.randn(1, 128, 10, 4, 6)
    before = latent.clone()
    frames = preview_frames({"samples": latent})
    assert frames.shape == (4, 256, 384, 3)
    assert frames.min() >= 0
    assert frames.max() <= 1
    assert not torch.equal(frames[0], frames[1])
    assert torch.equal(latent, before)


def test_a_decoder_shows_the_last_frame_of_each_picked_latent(vae, monkeypatch):
    latent = torch.randn(1, 128, 5, 2, 3)
    monkeypatch.setattr(preview, "PREVIEW_SIDE_PX", 96)
    frames = preview_frames(latent, vae)
    with torch.inference_mode():
        last_pair = vae.decode(latent[:, :, 3:5])[0, -1]
    assert frames.shape == (4, 64, 96, 3)
    assert (frames[3] - last_pair).abs().max() < 1e-4
