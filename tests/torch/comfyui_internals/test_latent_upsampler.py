"""ComfyUI's node that enlarges a latent, as this ComfyUI has it, and gone or with other inputs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from audio_loop.comfyui_internals import latent_upsampler
from audio_loop.comfyui_internals.contact import ComfyUIChangedError

LATENT = {"samples": "small"}


class Renamed:
    @classmethod
    def execute(cls, latent, upscale_model, vae):
        raise AssertionError("never called")


class Today:
    @classmethod
    def execute(cls, samples, upscale_model, vae):
        return SimpleNamespace(args=({"samples": (samples["samples"], upscale_model, vae)},))


@pytest.mark.parametrize(("classes", "why"), [({}, "KeyError"), ({latent_upsampler.NODE: Renamed}, "TypeError: .*'latent'")])
def test_a_node_that_is_gone_or_takes_other_inputs_is_refused(monkeypatch, classes, why):
    monkeypatch.setattr(latent_upsampler, "node_classes", lambda: classes)
    with pytest.raises(ComfyUIChangedError, match=f"{why}.*a draft cannot be enlarged"):
        latent_upsampler.upsampled(LATENT, "model", "vae")


def test_the_node_is_given_the_draft_and_both_models(monkeypatch):
    monkeypatch.setattr(latent_upsampler, "node_classes", lambda: {latent_upsampler.NODE: Today})
    assert latent_upsampler.upsampled(LATENT, "model", "vae") == {"samples": ("small", "model", "vae")}
