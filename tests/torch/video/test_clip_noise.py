"""Exactness is tried, never assumed: ComfyUI's LTX 2.4 VAE draws noise in the shape of the call, others look at the whole."""

from __future__ import annotations

import json
import logging

import pytest
import torch

from audio_loop.video import clip_noise
from audio_loop.video.clip_noise import ClipNoise
from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.decode_spans import decode_spans
from audio_loop.video.halo import measured_halo
from audio_loop.video.video_vae import VideoVae

TOLERANCE = 1e-4

# The real class with few channels. Pixels come 32x32 from one position, so that attention has 64 times fewer of them.
CONFIG = {
    "encoder": {
        "dims": 3,
        "in_channels": 3,
        "out_channels": 128,
        "blocks": [["res_x", {"num_layers": 1}], ["compress_all_res", {"multiplier": 1}]],
        "patch_size": 4,
        "latent_log_var": "constant",
        "norm_layer": "pixel_norm",
        "base_channels": 8,
        "spatial_padding_mode": "zeros",
    },
    "decoder": {
        "in_channels": 128,
        "out_channels": 3,
        "patch_size": 32,
        "head_dim": 16,
        "stage_channels": [64, 32, 16, 16, 16],
        "stage_depths": [1, 1, 1, 1, 1],
        "stage_kernels": [[3, 3, 3]] * 5,
        "upsamples": [[[1, 1, 1], 2], [[2, 1, 1], 2], [[2, 1, 1], 1], [[2, 1, 1], 1]],
        "stage5_kernel": [3, 3, 3],
        "t_emb_dim": 32,
        "default_num_inference_steps": 1,
    },
}


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    """ComfyUI's own VAE object around the diffusion VAE."""
    import comfy.sd
    from comfy.ldm.lightricks.vae.na_diffusion_decoder import CausalDiffusionVAE

    with torch.random.fork_rng():
        torch.manual_seed(0)
        weights = {name: value.clone() for name, value in CausalDiffusionVAE(CONFIG).state_dict().items()}
    weights["per_channel_statistics.std-of-means"] = torch.ones(128)
    weights["per_channel_statistics.mean-of-means"] = torch.zeros(128)
    made = comfy.sd.VAE(sd=weights, metadata={"config": json.dumps({"vae": CONFIG})})
    assert type(made.first_stage_model) is CausalDiffusionVAE
    made.first_stage_model.requires_grad_(False)
    return made


def latent_of(latents):
    return torch.randn(1, 128, latents, 1, 1, generator=torch.Generator().manual_seed(latents))


def one_piece(vae, latent):
    with torch.inference_mode():
        return vae.decode(latent)[0]


def streamed(vae, latents, **options):
    spans = []
    report = decode_spans(vae, latents, spans.append, **options)
    return torch.cat(spans), report


def test_pieces_of_a_vae_that_draws_noise_are_those_of_its_one_piece_decode(vae):
    latent = latent_of(40)
    whole = one_piece(vae, latent)
    assert whole.std() > 0.05
    for piece in (3, 8, None):
        frames, report = streamed(vae, latent, piece_latents=piece)
        assert report.pieces > 1
        assert (frames - whole).abs().max() < TOLERANCE
        assert report.exact


def test_the_noise_decides_the_picture(vae):
    """Without it the test above could not fail."""
    latent = latent_of(40)
    whole = one_piece(vae, latent)
    with torch.inference_mode():
        part = vae.decode(latent[:, :, 8:24])[0]
    assert (part[33:65] - whole[97:129]).abs().max() > 0.1


def test_a_clip_too_long_for_its_noise_is_without_seams_and_not_called_exact(vae, monkeypatch):
    monkeypatch.setattr(clip_noise, "MOST_NOISE_BYTES", 1000)
    latent = latent_of(24)
    some, report = streamed(vae, latent, piece_latents=5)
    others, _ = streamed(vae, latent, piece_latents=7)
    assert (some - others).abs().max() < TOLERANCE, "a frame does not depend on where pieces begin"
    assert (some - one_piece(vae, latent)).abs().max() > 0.1
    assert not report.exact
    assert "noise" in report.inexact_because


def test_a_saved_video_that_is_not_exact_says_why(vae, tmp_path, monkeypatch, caplog):
    from fractions import Fraction

    from audio_loop.video.save import save_stream

    monkeypatch.setattr(clip_noise, "MOST_NOISE_BYTES", 1000)
    caplog.set_level(logging.WARNING)
    saved = save_stream(latent_of(40), vae, tmp_path / "a.mp4", VideoContent(Fraction(25), 300), encoding())
    assert not saved.exact
    assert "a.mp4: frames can differ from those of a decode in one piece: this VAE denoises" in caplog.text


@pytest.mark.parametrize("unseeded", [False, True])
def test_a_decoder_that_fails_the_trial_is_not_called_exact(vae, unseeded):
    """Looks at the whole clip, or draws noise without a seed: found by trying, whatever the class is called."""
    import copy

    class Other(type(vae.first_stage_model)):
        def decode(self, x):
            return super().decode(x) + (torch.randn(x.shape[2]).mean() if unseeded else 0.05 * x.shape[2] / 65)

    other = copy.copy(vae)
    other.first_stage_model = copy.copy(vae.first_stage_model)
    other.first_stage_model.__class__ = Other
    assert measured_halo(VideoVae(vae)).exact
    assert not measured_halo(VideoVae(other)).exact
    assert not streamed(other, latent_of(24), piece_latents=5)[1].exact


def test_noise_of_another_shape_and_noise_without_a_seed_are_left_alone():
    noise, generator = ClipNoise(9), torch.Generator()
    for shape in ((1, 3, 4, 2), (1, 3, 5, 2, 2)):
        expected = torch.randn(shape, generator=generator.manual_seed(3))
        with noise.at(0, 4):
            assert torch.equal(torch.randn(shape, generator=generator.manual_seed(3)), expected)
    with noise.at(0, 4):
        torch.randn((1, 3, 4, 2, 2))
    assert not noise.used
    with noise.at(0, 4):
        first = torch.randn((1, 3, 4, 2, 2), generator=generator.manual_seed(3))
    assert noise.used
    whole = torch.randn((1, 3, 9, 2, 2), generator=generator.manual_seed(3))
    assert torch.equal(first, whole[:, :, :4])
