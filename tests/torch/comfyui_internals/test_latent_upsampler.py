"""ComfyUI's node that enlarges a latent, as this ComfyUI has it, and gone or with other inputs."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest
import torch

from audio_loop.comfyui_internals import latent_upsampler
from audio_loop.comfyui_internals.contact import ComfyUIChangedError

from ...hidden_symbols import hidden_by
from ...renaming import hide_place

LATENT = {"samples": "small"}


class Renamed:
    @classmethod
    def execute(cls, latent, upscale_model, vae):
        raise AssertionError("never called")


class Today:
    @classmethod
    def execute(cls, samples, upscale_model, vae):
        return SimpleNamespace(args=({"samples": (samples["samples"], upscale_model, vae)},))


@pytest.fixture
def upscale_model(comfy_on_cpu):
    """ComfyUI's patcher of a small network that enlarges latents."""
    from comfy.ldm.lightricks.latent_upsampler import LatentUpsampler
    from comfy.model_patcher import ModelPatcher

    network = LatentUpsampler(torch.nn, in_channels=128, mid_channels=32, num_blocks_per_stage=1)
    return ModelPatcher(network, torch.device("cpu"), torch.device("cpu"))


PLACES = hidden_by("test_a_model_that_does_not_tell_what_it_is_is_refused")


@pytest.mark.parametrize(
    ("place", "word"),
    [(PLACES[0], "LatentUpsampler, which does not enlarge latents"), (PLACES[1], "vae is not LTX's video VAE")],
)
def test_a_model_that_does_not_tell_what_it_is_is_refused(upscale_model, video_vae, monkeypatch, place, word):
    assert latent_upsampler.why_no_upsampler(upscale_model, video_vae) == ""
    hide_place(monkeypatch, place)
    assert word in latent_upsampler.why_no_upsampler(upscale_model, video_vae)


@pytest.mark.parametrize("place", hidden_by("test_comfyuis_node_without_execute_is_refused"))
def test_comfyuis_node_without_execute_is_refused(upscale_model, video_vae, is_answered, monkeypatch, place):
    node = getattr(importlib.import_module(place.partition(":")[0]), latent_upsampler.NODE)
    monkeypatch.setattr(latent_upsampler, "node_classes", lambda: {latent_upsampler.NODE: node})
    latent = {"samples": torch.zeros(1, 128, 2, 2, 2)}
    large = latent_upsampler.upsampled(latent, upscale_model, video_vae)
    assert large["samples"].shape == (1, 128, 2, 4, 4)
    # The method of the same name that all nodes have is still there, and takes anything.
    monkeypatch.delattr(node, "execute")
    is_answered(lambda: latent_upsampler.upsampled(latent, upscale_model, video_vae), "UPSAMPLER")


@pytest.mark.parametrize(("classes", "why"), [({}, "KeyError"), ({latent_upsampler.NODE: Renamed}, "TypeError: .*'latent'")])
def test_a_node_that_is_gone_or_takes_other_inputs_is_refused(monkeypatch, classes, why):
    monkeypatch.setattr(latent_upsampler, "node_classes", lambda: classes)
    with pytest.raises(ComfyUIChangedError, match=f"{why}.*a draft cannot be enlarged"):
        latent_upsampler.upsampled(LATENT, "model", "vae")


def test_the_node_is_given_the_draft_and_both_models(monkeypatch):
    monkeypatch.setattr(latent_upsampler, "node_classes", lambda: {latent_upsampler.NODE: Today})
    assert latent_upsampler.upsampled(LATENT, "model", "vae") == {"samples": ("small", "model", "vae")}
