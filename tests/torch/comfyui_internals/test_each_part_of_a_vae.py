"""Each part of a real VAE and its network that the pack reads, taken out of ComfyUI for the pack alone."""

from __future__ import annotations

import pytest
import torch

from audio_loop.audio.encode_song import encode_song
from audio_loop.audio.prepare import cropped_song
from audio_loop.comfyui_internals import model_facts
from audio_loop.comfyui_internals.audio_encoder import AudioEncoder
from audio_loop.comfyui_internals.video_decoder import VideoDecoder
from audio_loop.loop_control.errors import PlanError
from audio_loop.video.decode_spans import decode_spans
from audio_loop.video.video_vae import VideoVae

from ...hidden_symbols import hidden_by
from ...renaming import hide_place

SHAPE = (1, 128, 3, 1, 1)
RATE = 44_100


@pytest.fixture(scope="module")
def latent():
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))


def decoded(vae, latent):
    spans = []
    decode_spans(vae, latent, spans.append)
    return torch.cat(spans)


def whole(vae, latent):
    with torch.inference_mode():
        return vae.decode(latent)[0]


def encoded(vae):
    waveform = torch.rand(1, 2, RATE * 2, generator=torch.Generator().manual_seed(1)).sub_(0.5)
    return encode_song(cropped_song(waveform, RATE), vae, piece_latents=25)


@pytest.mark.parametrize("place", hidden_by("test_a_step_of_the_decode_that_is_gone"))
def test_a_step_of_the_decode_that_is_gone(video_vae, latent, missed, is_answered, monkeypatch, place):
    assert VideoDecoder(video_vae).has_steps
    assert missed() == []
    hide_place(monkeypatch, place)
    assert not VideoDecoder(video_vae).has_steps
    frames = is_answered(lambda: decoded(video_vae, latent), "DECODE_STEPS")
    assert (frames - whole(video_vae, latent)).abs().max() < 1e-4
    assert place.rpartition(".")[2].rpartition(":")[2] in missed()[0]


@pytest.mark.parametrize("place", hidden_by("test_a_step_of_the_encode_that_is_gone"))
def test_a_step_of_the_encode_that_is_gone(audio_vae, is_answered, monkeypatch, place):
    assert encoded(audio_vae).latents.shape[2] == 49
    hide_place(monkeypatch, place)
    is_answered(lambda: encoded(audio_vae), "SONG_STEPS")
    with pytest.raises(PlanError, match=f"no {place.rpartition('.')[2].rpartition(':')[2]}"):
        encoded(audio_vae)


PARTS = {
    "comfy.sd:VAE.first_stage_model": VideoVae,
    "comfy.sd:VAE.latent_dim": VideoVae,
    "comfy.sd:VAE.upscale_ratio": VideoVae,
    "comfy.sd:VAE.latent_channels": lambda vae: VideoVae(vae).decoder.latent_channels,
    "comfy.sd:VAE.decode_tiled": lambda vae: VideoVae(vae).decoder.decode_tiled(torch.zeros(SHAPE), 256),
}


@pytest.mark.parametrize("place", hidden_by("test_a_part_without_which_no_video_is_saved"))
def test_a_part_without_which_no_video_is_saved(video_vae, is_answered, monkeypatch, place):
    PARTS[place](video_vae)
    hide_place(monkeypatch, place)
    is_answered(lambda: PARTS[place](video_vae), "VAE_PARTS")


def test_the_decode_itself_is_not_used_as_long_as_its_steps_are_there(video_vae, latent, missed, is_answered, monkeypatch):
    (place,) = hidden_by("test_the_decode_itself_is_not_used_as_long_as_its_steps_are_there")
    expected = whole(video_vae, latent)
    hide_place(monkeypatch, place)
    assert (decoded(video_vae, latent) - expected).abs().max() < 1e-4
    assert missed() == []
    hide_place(monkeypatch, "comfy.sd:VAE.vae_dtype")
    is_answered(lambda: decoded(video_vae, latent), "VAE_PARTS")


@pytest.mark.parametrize("place", hidden_by("test_the_grid_of_a_video_vae"))
def test_the_grid_of_a_video_vae(video_vae, is_answered, monkeypatch, place):
    assert model_facts.video_grid(video_vae) == ((8, 32, 32), 128)
    hide_place(monkeypatch, place)
    is_answered(lambda: model_facts.video_grid(video_vae), "VIDEO_GRID")


@pytest.mark.parametrize("place", hidden_by("test_the_grid_of_an_audio_vae"))
def test_the_grid_of_an_audio_vae(audio_vae, is_answered, monkeypatch, place):
    assert model_facts.audio_grid(audio_vae) == (25, 8, 16)
    hide_place(monkeypatch, place)
    is_answered(lambda: model_facts.audio_grid(audio_vae), "AUDIO_GRID")


def test_a_vae_that_does_not_tell_its_rate_takes_44100_hz(audio_vae, is_answered, monkeypatch):
    (place,) = hidden_by("test_a_vae_that_does_not_tell_its_rate_takes_44100_hz")
    expected = encoded(audio_vae).latents
    monkeypatch.setattr(audio_vae, "audio_sample_rate", 16_000)
    with pytest.raises(PlanError, match="takes 16000 samples per second"):
        encoded(audio_vae)
    hide_place(monkeypatch, place)
    assert AudioEncoder(audio_vae).wave_hz == RATE
    assert torch.equal(is_answered(lambda: encoded(audio_vae), "WAVE_RATE").latents, expected)


@pytest.mark.parametrize("place", hidden_by("test_a_layer_of_the_encoder_that_is_gone"))
def test_a_layer_of_the_encoder_that_is_gone(audio_vae, is_answered, monkeypatch, place):
    expected = encoded(audio_vae)
    assert "in 2 pieces" in expected.report
    hide_place(monkeypatch, place)
    song = is_answered(lambda: encoded(audio_vae), "ENCODER_LAYERS")
    assert song.report.endswith("latents, in one piece")
    assert (song.latents - expected.latents).abs().max() < 1e-5
    assert model_facts.audio_grid(audio_vae) == (25, 8, 16)


@pytest.mark.parametrize("place", hidden_by("test_a_network_that_does_not_tell_its_chunks"))
def test_a_network_that_does_not_tell_its_chunks(video_vae, is_answered, monkeypatch, place):
    one = (1, 128, 1, 1, 1)
    assert VideoDecoder(video_vae).first_layer_and_chunk(one)
    if place.endswith(":get_max_chunk_size"):
        monkeypatch.delattr("comfy.ldm.lightricks.vae.causal_video_autoencoder.get_max_chunk_size")
    else:
        hide_place(monkeypatch, place)
    assert VideoDecoder(video_vae).first_layer_and_chunk(one) is None
    assert is_answered(lambda: VideoVae(video_vae).latents_beside_chunks(torch.zeros(one), 7), "CHUNK_SIZES") == 7
