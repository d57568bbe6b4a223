"""The formula against torch's own counter, on ComfyUI's own model with the true configuration and no memory at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from audio_loop.cost.architecture import PUBLISHED_22B, architecture_of
from audio_loop.cost.model_call import (
    ModelCall,
    call_flops,
    guidance_flops,
    prompt_flops,
)

TRUE = json.loads((Path(__file__).parents[2] / "golden" / "ltx23_configuration.json").read_text("utf-8"))["transformer"]

DEFAULT_WINDOW = ModelCall(64, 26 * 14, 497)
FIRST_STAGE, SECOND_STAGE = ModelCall(64, 20 * 11, 497), ModelCall(26, 40 * 22, 193)
WITHOUT_MASKS = ModelCall(32, 13 * 7, 249, has_masks=False)


@pytest.fixture
def counted(comfy_on_cpu, monkeypatch):
    """Operations of one call of a model of some layers, and of a prompt's connectors."""
    import comfy.ldm.modules.attention as attention
    import comfy.ops
    from comfy.ldm.lightricks.av_model import LTXAVModel

    monkeypatch.setattr(attention, "optimized_attention", attention.attention_pytorch)
    made = {}

    def of(call, options=None, /, prompt=False, **changes):
        sizes = {**TRUE, **changes}
        key = json.dumps(sizes)
        model = made.get(key) or LTXAVModel(**sizes, device="meta", operations=comfy.ops.disable_weight_init)
        made[key] = model
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            if prompt:
                model.preprocess_text_embeds(empty(1, 100, 6144), unprocessed=True)
            else:
                model(*inputs(call, sizes), None, 25, dict(options or {}))
        return counter.get_total_flops()

    return of


def empty(*shape):
    return torch.empty(shape, device="meta")


def inputs(call, sizes):
    height = 7 if call.tokens_per_latent % 7 == 0 else 11 if call.tokens_per_latent % 11 == 0 else 1
    video = empty(1, 128, call.latents, height, call.tokens_per_latent // height)
    times = (call.video_tokens, call.audio_latents) if call.has_masks else (1, 1)
    width = sizes["caption_channels"] * 2 if not sizes["caption_proj_before_connector"] else 6144
    latents = [video, empty(1, 8, call.audio_latents, 16)]
    timesteps = tuple(empty(1, count, 1) if call.has_masks else empty(count) for count in times)
    return latents, timesteps, empty(1, call.text_tokens, width)


def layers(count):
    return architecture_of({**TRUE, "num_layers": count})


def test_the_published_model_is_the_default():
    assert architecture_of(TRUE) == PUBLISHED_22B


def test_one_step_of_the_default_window_at_full_width_and_depth(counted):
    assert counted(DEFAULT_WINDOW) == call_flops(PUBLISHED_22B, DEFAULT_WINDOW).total == 1_069_623_031_496_704


@pytest.mark.parametrize("call", [FIRST_STAGE, SECOND_STAGE, WITHOUT_MASKS])
@pytest.mark.parametrize("count", [1, 3])
def test_both_stages_at_full_width(counted, call, count):
    assert counted(call, num_layers=count) == call_flops(layers(count), call).total


def test_guidance_by_a_negative_prompt(counted):
    from audio_loop.attention import option_keys
    from audio_loop.attention.nag import NagSettings, guide_pass

    settings = NagSettings(11.0, 0.25, 2.5, True, True, empty(1, 1024, 6144))
    options = {option_keys.NAG: settings, "wrappers": {"diffusion_model": {"nag": [guide_pass]}}}
    for count in (1, 2):
        model = layers(count)
        expected = call_flops(model, DEFAULT_WINDOW) + guidance_flops(model, DEFAULT_WINDOW)
        assert counted(DEFAULT_WINDOW, options, num_layers=count) == expected.total


def test_a_call_with_perturbed_blocks(counted):
    for blocks in ([1], [0, 2]):
        expected = call_flops(layers(3), DEFAULT_WINDOW, perturbed_blocks=len(blocks))
        assert counted(DEFAULT_WINDOW, {"stg_self_attn_blocks": blocks}, num_layers=3) == expected.total


def test_a_call_in_which_video_and_audio_are_apart(counted):
    apart = {"a2v_cross_attn": False, "v2a_cross_attn": False}
    for count in (1, 2):
        expected = call_flops(layers(count), SECOND_STAGE, is_coupled=False)
        assert counted(SECOND_STAGE, apart, num_layers=count) == expected.total


def test_a_prompt_goes_through_both_connectors(counted):
    assert counted(None, prompt=True, num_layers=1) == prompt_flops(PUBLISHED_22B).total


def test_a_model_that_projects_its_text_in_every_call(counted):
    older = {"caption_proj_before_connector": False, "cross_attention_adaln": False, "apply_gated_attention": False}
    model = architecture_of({**TRUE, **older, "num_layers": 2})
    assert counted(SECOND_STAGE, num_layers=2, **older) == call_flops(model, SECOND_STAGE).total
