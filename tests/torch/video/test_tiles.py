"""LTX 2.5's decoder that denoises: streamed in pieces as in one piece, or in tiles as by ComfyUI's VAEDecodeTiled."""

from __future__ import annotations

import copy
import json

import pytest
import torch

from audio_loop.video import tiles
from audio_loop.video.decode_spans import decode_spans
from audio_loop.video.halo import Halo
from audio_loop.video.video_vae import VideoVae


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd
    from comfy.ldm.lightricks.vae.na_diffusion_decoder import CausalDiffusionVAE

    from audio_loop.demo.tiny_architecture_25 import VIDEO_VAE
    from audio_loop.demo.tiny_files import shapes_of
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(shapes_of(CausalDiffusionVAE(config=VIDEO_VAE)))
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps({"vae": VIDEO_VAE})})


def latent_of(latents, height=1, width=1):
    return torch.randn(1, 128, latents, height, width, generator=torch.Generator().manual_seed(latents))


def one_piece(vae, latent):
    with torch.inference_mode():
        return vae.decode(latent)[0]


def core_tiles(vae, latent):
    """As VAEDecodeTiled with the template's 512, 64, 64 and 16, for the size of tile that the tests have."""
    with torch.inference_mode():
        return vae.decode_tiled(latent, tile_x=2, tile_y=2, overlap=1, tile_t=8, overlap_t=2)[0]


@pytest.fixture
def small_tiles(monkeypatch):
    monkeypatch.setattr(tiles, "TILE_PX", 64)
    monkeypatch.setattr(tiles, "TILE_OVERLAP_PX", 32)


def with_room_for(vae, latents, monkeypatch):
    """The VAE on a device that holds so many latents of one size."""
    monkeypatch.setattr(VideoVae, "latents_that_fit", lambda self, latent, otherwise: latents)
    return vae


def collected(vae, latent, **options):
    spans = []
    report = decode_spans(vae, latent, spans.append, **options)
    return torch.cat(spans), report


def test_streamed_in_pieces_it_gives_the_one_piece_decode(vae):
    latent = latent_of(23)
    streamed, report = collected(vae, latent, piece_latents=9)
    assert (streamed - one_piece(vae, latent)).abs().max() < 1e-4
    assert (report.frames, report.pieces, report.exact) == (177, 3, True)


@pytest.mark.parametrize(("size", "in_time"), [((1, 2, 3), 1), ((8, 1, 1), 1), ((9, 2, 3), 2), ((15, 1, 2), 3)])
def test_tiles_are_those_of_core_and_fade_as_they_do(vae, small_tiles, size, in_time):
    latent, spans = latent_of(*size), []
    made = tiles.decode_in_tiles(VideoVae(vae), latent, (0, 8 * size[0] - 7), spans.append)
    assert (torch.cat(spans) - core_tiles(vae, latent)).abs().max() < 1e-5
    assert made == in_time


def test_a_part_of_the_frames_is_that_part(vae, small_tiles):
    latent, spans = latent_of(15), []
    made = tiles.decode_in_tiles(VideoVae(vae), latent, (60, 100), spans.append)
    assert torch.equal(torch.cat(spans), core_like(vae, latent)[60:100])
    assert made == 2


def core_like(vae, latent):
    spans = []
    tiles.decode_in_tiles(VideoVae(vae), latent, (0, 8 * latent.shape[2] - 7), spans.append)
    return torch.cat(spans)


def test_a_device_without_room_for_all_that_a_frame_depends_on_gets_tiles_and_says_so(vae, small_tiles, monkeypatch):
    latent = latent_of(20)
    streamed, report = collected(with_room_for(vae, 13, monkeypatch), latent)
    assert (streamed - core_tiles(vae, latent)).abs().max() < 1e-5
    assert not report.exact
    assert "as by ComfyUI's VAE Decode (Tiled)" in report.inexact_because
    roomy, exact = collected(with_room_for(vae, 14, monkeypatch), latent)
    assert exact.exact
    assert (roomy - one_piece(vae, latent)).abs().max() < 1e-4


def test_what_is_held_does_not_grow_with_the_length(vae, small_tiles, monkeypatch):
    most = []
    add = tiles._Sums.add

    def watched(self, at, frames, weights):
        add(self, at, frames, weights)
        most.append(self._sum.shape[2])

    monkeypatch.setattr(tiles._Sums, "add", watched)
    core_like(vae, latent_of(21))
    assert most == [57, 57, 57, 17]  # tiles of 57 frames, and the last of three latents


class FullByWholePictures:
    """Makes the network fail as a full device does, for whole pictures of the test's width; tiles are narrower."""

    def __init__(self, network):
        self._network = network

    def __getattr__(self, name):
        return getattr(self._network, name)

    def decode(self, samples):
        if samples.shape[4] > 2:
            raise torch.OutOfMemoryError("the device is full")
        return self._network.decode(samples)


def test_out_of_memory_goes_on_in_tiles_and_not_in_pieces_that_are_mostly_halo(vae, small_tiles, caplog):
    latent = latent_of(10, 1, 3)
    full = copy.copy(vae)
    full.first_stage_model = FullByWholePictures(vae.first_stage_model)
    streamed, report = collected(full, latent, halo=Halo(3, 3, exact=True))
    assert (streamed - core_tiles(vae, latent)).abs().max() < 1e-5
    assert not report.exact
    assert "going on from frame 0 in tiles of space and time" in caplog.text
