"""The device that a network works on, as ComfyUI tells of it; gone, torch's own count and context, and the same video."""

from __future__ import annotations

import pytest
import torch

from audio_loop.comfyui_internals import device
from audio_loop.comfyui_internals.out_of_memory import is_out_of_memory
from audio_loop.comfyui_internals.video_decoder import VideoDecoder
from audio_loop.video.video_vae import VideoVae

from ...hidden_symbols import hidden_by
from ...renaming import hide_place

SHAPE = (1, 128, 2, 1, 1)
CARD = torch.device("cuda", 0)


@pytest.fixture
def card(monkeypatch):
    """torch as it counts a card of 1000 bytes of which 300 are free, and 200 more are torch's own and not used."""
    monkeypatch.setattr("torch.cuda.mem_get_info", lambda _: (300, 1000))
    monkeypatch.setattr("torch.cuda.memory_reserved", lambda _: 500)
    monkeypatch.setattr("torch.cuda.memory_allocated", lambda _: 300)


@pytest.mark.parametrize("place", hidden_by("test_the_context_of_a_device_that_is_gone"))
def test_the_context_of_a_device_that_is_gone(video_vae, is_answered, monkeypatch, place):
    latent = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))
    expected = VideoDecoder(video_vae).decode(latent)
    hide_place(monkeypatch, place)
    assert torch.equal(is_answered(lambda: VideoDecoder(video_vae).decode(latent), "DEVICE_CONTEXT"), expected)
    context = device.device_context(CARD)
    assert isinstance(context, torch.cuda.device)
    assert context.idx == 0


ERRORS = [
    (torch.OutOfMemoryError("no room"), True),
    (torch.AcceleratorError("CUDA error: out of memory"), True),
    (RuntimeError("sizes differ"), False),
    (ValueError("out of memory"), False),
]


@pytest.mark.parametrize("place", hidden_by("test_a_lack_of_memory_is_known_all_the_same"))
@pytest.mark.parametrize(("error", "is_lack"), ERRORS)
def test_a_lack_of_memory_is_known_all_the_same(comfy_on_cpu, is_answered, missed, monkeypatch, place, error, is_lack):
    monkeypatch.setattr("comfy.model_management.discard_cuda_async_error", lambda: None)
    assert is_out_of_memory(error) is is_lack
    assert missed() == []
    hide_place(monkeypatch, place)
    assert is_answered(lambda: is_out_of_memory(error), "OUT_OF_MEMORY") is is_lack


COUNTS = {
    "comfy.model_management:get_total_memory": (device.total_bytes, 1000),
    "comfy.model_management:get_free_memory": (device.free_bytes, 500),
    "comfy.model_patcher:ModelPatcher.get_free_memory": (None, 500),
}


@pytest.mark.parametrize("place", hidden_by("test_a_count_of_memory_that_is_gone"))
def test_a_count_of_memory_that_is_gone(video_vae, card, is_answered, monkeypatch, place):
    count, on_card = COUNTS[place]
    if count is None:
        monkeypatch.setattr("comfy.model_management.get_free_memory", lambda dev: 500 if dev == CARD else 1)

        def count(where):
            return device.free_bytes_beside(video_vae.patcher, where)

    assert count(torch.device("cpu"))
    hide_place(monkeypatch, place)
    assert is_answered(lambda: count(CARD), "MEMORY") == on_card


def test_without_a_count_a_decode_is_planned_in_small_pieces(video_vae, monkeypatch):
    decoder, vae = VideoDecoder(video_vae), VideoVae(video_vae)
    latent = torch.zeros(SHAPE)
    assert decoder.latents_that_fit(SHAPE, 7) > 7
    assert vae.latents_beside_chunks(latent, 7) == 7
    for place in hidden_by("test_a_count_of_memory_that_is_gone"):
        hide_place(monkeypatch, place)
        vae.load(SHAPE)
    assert decoder.latents_that_fit(SHAPE, 7) == 7
    assert (decoder.room(), vae.latents_beside_chunks(latent, 7)) == (0, 0)
