"""Memory by the formula against what ComfyUI's own models have alive at once, with true widths and no memory at all.

Attention itself is taken to keep nothing but its result, as every kernel on a card does.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from audio_loop.cost.architecture import PUBLISHED_22B
from audio_loop.cost.memory import call_bytes, upscale_bytes
from audio_loop.cost.model_call import ModelCall
from audio_loop.cost.upscaler import PUBLISHED_UPSCALER, upscale_flops

from .live_bytes import LiveBytes

TRUE = json.loads((Path(__file__).parents[2] / "golden" / "ltx23_configuration.json").read_text("utf-8"))["transformer"]


def empty(*shape, dtype=torch.bfloat16):
    return torch.empty(shape, device="meta", dtype=dtype)


@pytest.fixture(scope="module")
def one_block(comfy_on_cpu):
    import comfy.ops
    from comfy.ldm.lightricks.av_model import LTXAVModel

    sizes = {**TRUE, "num_layers": 2}
    return LTXAVModel(**sizes, device="meta", dtype=torch.bfloat16, operations=comfy.ops.disable_weight_init)


@pytest.mark.parametrize(
    ("latents", "height", "width", "audio"),
    [(64, 14, 26, 497), (64, 7, 13, 497), (26, 22, 40, 193), (64, 11, 20, 497), (32, 34, 60, 249), (26, 14, 26, 193)],
)
def test_activations_of_a_step(one_block, monkeypatch, latents, height, width, audio):
    import comfy.ldm.modules.attention as attention

    monkeypatch.setattr(attention, "optimized_attention", lambda q, *_, **__: torch.empty_like(q))
    call = ModelCall(latents, height * width, audio)
    inputs = [empty(1, 128, latents, height, width), empty(1, 8, audio, 16)]
    timesteps = empty(1, call.video_tokens, 1, dtype=torch.float32), empty(1, audio, 1, dtype=torch.float32)
    with torch.no_grad(), LiveBytes(one_block) as followed:
        one_block(inputs, timesteps, empty(1, 1024, 6144), None, 25, {})
    assert call_bytes(PUBLISHED_22B, call) == pytest.approx(followed.peak, rel=0.03)


def test_the_upscaler(comfy_on_cpu):
    import comfy.ops
    from comfy.ldm.lightricks.latent_upsampler import LatentUpsampler

    sizes = {"in_channels": 128, "mid_channels": 1024, "num_blocks_per_stage": 4, "dims": 3}
    model = LatentUpsampler(comfy.ops.disable_weight_init, **sizes).to(device="meta", dtype=torch.bfloat16)
    assert sum(weight.nbytes for weight in model.parameters()) == pytest.approx(996e6, rel=0.001)
    for latents, height, width in ((25, 7, 13), (63, 11, 20)):
        with torch.no_grad(), FlopCounterMode(display=False) as counter, LiveBytes(model) as followed:
            model(empty(1, 128, latents, height, width))
        assert counter.get_total_flops() == upscale_flops(PUBLISHED_UPSCALER, latents, height * width).total
        assert followed.peak == pytest.approx(upscale_bytes(PUBLISHED_UPSCALER, latents, height * width), rel=0.01)


def test_chunks_of_a_decode(comfy_on_cpu, monkeypatch):
    from comfy.ldm.lightricks.vae.causal_video_autoencoder import get_max_chunk_size

    from audio_loop.preflight.memory_beside_sampling import chunk_bytes

    for gib in (4, 6, 8, 12, 16, 24, 80):
        monkeypatch.setattr("comfy.model_management.get_total_memory", lambda dev, gib=gib: gib << 30)
        assert chunk_bytes(gib << 30) == get_max_chunk_size(torch.device("cpu"))
