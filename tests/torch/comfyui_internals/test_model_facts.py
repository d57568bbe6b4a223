"""What the pack asks models and VAEs: what ComfyUI's own classes answer, and a clear word if they are others or gone."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest
import torch

from audio_loop.comfyui_internals import model_facts
from audio_loop.comfyui_internals.contact import ComfyUIChangedError
from audio_loop.latent_ops.model_facts import facts_of_model
from audio_loop.loop_control.model_facts import LTX_23, ModelFacts


def model_of(architecture, **config):
    """A MODEL with a network of this architecture, without weights."""
    import comfy.ops
    from comfy.ldm.lightricks.av_model import LTXAVModel

    network = LTXAVModel(**architecture, device="meta", dtype=torch.float32, operations=comfy.ops.disable_weight_init)
    return SimpleNamespace(
        model=SimpleNamespace(diffusion_model=network, model_config=SimpleNamespace(unet_config=architecture | config))
    )


def test_ltx_2_5_marks_keyframes_and_2_3_does_not(comfy_on_cpu, missed):
    from audio_loop.demo.tiny_architecture import TRANSFORMER as OF_LTX_23
    from audio_loop.demo.tiny_architecture_25 import TRANSFORMER as OF_LTX_25

    assert facts_of_model(model_of(OF_LTX_25), None, None) == ModelFacts(lead_in_latents=1)
    assert facts_of_model(model_of(OF_LTX_23), None, None) == LTX_23
    assert model_facts.model_audio_grid(model_of(OF_LTX_25)) == (Fraction(25), 8, 16)
    assert missed() == []


def test_a_comfyui_that_makes_no_marker_of_such_a_file_is_refused_with_the_version_that_does(comfy_on_cpu):
    from audio_loop.demo.tiny_architecture import TRANSFORMER

    without = model_of(TRANSFORMER, use_keyframes_abs_pos_embedding=True)
    with pytest.raises(ComfyUIChangedError, match=r"marker of keyframes in LTX 2.5 .*since 0\.32\.0.*update ComfyUI"):
        model_facts.marks_keyframes(without)


def test_vaes_say_their_grid_and_others_are_refused_by_name(comfy_on_cpu):
    class CausalDiffusionVAE:
        pass

    video = SimpleNamespace(first_stage_model=CausalDiffusionVAE(), downscale_index_formula=(8, 32, 32), latent_channels=128)
    assert model_facts.video_grid(video) == ((8, 32, 32), 128)
    picture = SimpleNamespace(first_stage_model=CausalDiffusionVAE(), downscale_index_formula=None, latent_channels=4)
    with pytest.raises(ValueError, match="video_vae is CausalDiffusionVAE, which is no video VAE"):
        model_facts.video_grid(picture)
    with pytest.raises(ValueError, match="audio_vae is CausalDiffusionVAE, which is no audio VAE of LTX"):
        model_facts.audio_grid(video)
    network = SimpleNamespace(preprocessor=1, latents_per_second=25.0, latent_channels=8, latent_frequency_bins=16)
    assert model_facts.audio_grid(SimpleNamespace(first_stage_model=network)) == (Fraction(25), 8, 16)


def test_what_is_gone_is_named(comfy_on_cpu, missed):
    with pytest.raises(ComfyUIChangedError, match=r"grid of a video VAE.*unwire video_vae"):
        model_facts.video_grid(SimpleNamespace())
    with pytest.raises(ComfyUIChangedError, match=r"grid of an audio VAE.*unwire audio_vae"):
        model_facts.audio_grid(SimpleNamespace(first_stage_model=SimpleNamespace(preprocessor=1)))
    assert model_facts.model_audio_grid(SimpleNamespace()) is None
    (text,) = missed()
    assert "audio side of an LTX model" in text
