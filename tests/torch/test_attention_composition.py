"""SageAttention dispatch, NAG, STG, a LoRA and the statistics match on one model, in every order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import torch

from audio_loop.attention import capabilities as machine
from audio_loop.attention import override
from audio_loop.attention.nag import apply_nag
from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
from audio_loop.attention.per_step_statistics import apply_per_step_match
from audio_loop.attention.routing import Capabilities, route

FUNCTION = "sageattention.sageattn_qk_int8_pv_fp16_cuda"
AMPERE = Capabilities(arch=80, cuda=(12, 8), versions={"sageattention": "2.2.0"}, functions=frozenset({FUNCTION}))
STG_SCALE = 0.7
ONE_STEP = [1.0, 0.0]
REFERENCE = torch.randn(1, 128, 3, 2, 2, generator=torch.Generator().manual_seed(5)) * 2 + 1


class OnAnyDevice(AttentionDispatcher):
    """Routes calls as if their tensors lay on a GPU in half precision; everything else is the dispatcher's own."""

    def decide(self, call):
        return route(self.mode, self.capabilities, replace(call, on_cuda=True, dtype="bfloat16"))


@pytest.fixture
def patches(monkeypatch, conditioning):
    """One function per patch, model in and clone out; and the list of kernel calls."""
    calls = []

    def load(kernel):
        def attend(q, k, v, tensor_layout="NHD", is_causal=False, **options):
            calls.append(kernel.name)
            q, k, v = (t.transpose(1, 2) for t in (q, k, v))
            return torch.nn.functional.scaled_dot_product_attention(q, k, v).transpose(1, 2)

        return attend

    monkeypatch.setattr(machine, "load", load)
    monkeypatch.setattr(override, "AttentionDispatcher", OnAnyDevice)

    def stg(model):
        from comfy_extras.nodes_lt import LTXVSpatioTemporalGuidance

        return LTXVSpatioTemporalGuidance.execute(model, STG_SCALE, "1", 0.0, 1.0).result[0]

    def lora(model):
        clone = model.clone()
        generator = torch.Generator().manual_seed(3)
        added = {}
        for block in range(2):
            for layer in ("attn1.to_q", "attn2.to_k", "audio_attn2.to_v"):
                key = f"diffusion_model.transformer_blocks.{block}.{layer}.weight"
                shape = model.model_state_dict()[key].shape
                added[key] = ("diff", (torch.randn(shape, generator=generator) * 0.1,))
        assert len(clone.add_patches(added, 1.0)) == len(added)
        return clone

    functions = {
        "sage": lambda model: apply_sage_attention(model, capabilities=AMPERE),
        "nag": lambda model: apply_nag(model, conditioning(2)),
        "stg": stg,
        "lora": lora,
        "match": lambda model: apply_per_step_match(model, {"samples": REFERENCE}, 0.6),
    }
    return functions, calls


def apply_all(model, functions, order):
    for name in order:
        model = functions[name](model)
    return model


def match(video):
    axes = (2, 3, 4)
    std, mean = torch.std_mean(video, dim=axes, correction=0, keepdim=True)
    reference_std, reference_mean = torch.std_mean(REFERENCE, dim=axes, correction=0, keepdim=True)
    return torch.lerp(video, (video - mean) / std * reference_std + reference_mean, 0.6)


def test_every_order_gives_what_the_formula_says(tiny_ltx, conditioning, render, patches):
    functions, calls = patches
    positive = conditioning(1)
    base = tiny_ltx()
    # The parts, each measured without the patches under test: the guided pass, and the one with block 1 perturbed.
    guided = functions["lora"](functions["nag"](base))
    video, audio = render(guided, positive, [], sigmas=ONE_STEP)
    perturbed_model = guided.clone()
    perturbed_model.model_options["transformer_options"]["stg_self_attn_blocks"] = frozenset({1})
    perturbed_video, perturbed_audio = render(perturbed_model, positive, [], sigmas=ONE_STEP)
    video_push, audio_push = STG_SCALE * (video - perturbed_video), STG_SCALE * (audio - perturbed_audio)
    assert video_push.abs().max() > 1e-3
    expected = {
        "stg first": (match(video + video_push), audio + audio_push),
        "match first": (match(video) + video_push, audio + audio_push),
    }
    calls.clear()

    for order in itertools.permutations(functions):
        got = render(apply_all(base, functions, order), positive, [], sigmas=ONE_STEP)

        which = "stg first" if order.index("stg") < order.index("match") else "match first"
        for a, b in zip(got, expected[which], strict=True):
            assert (a - b).abs().max().item() < 1e-4, order
    # 12 calls a pass, of which 4 attend to two prompts; STG's second pass leaves one self-attention of each stream out.
    per_render = (12 + 4) + (12 - 2 + 4)
    assert len(calls) == 120 * per_render


def test_no_order_leaves_a_trace(tiny_ltx, conditioning, render, patches):
    functions, _ = patches
    base = tiny_ltx()
    before = render(base, conditioning(1), [], sigmas=ONE_STEP)

    for order in (tuple(functions), tuple(reversed(tuple(functions)))):
        render(apply_all(base, functions, order), conditioning(1), [], sigmas=ONE_STEP)

        assert base.model_options == {"transformer_options": {}}
        assert base.patches == {}
        assert base.object_patches == {}
        after = render(base, conditioning(1), [], sigmas=ONE_STEP)
        for a, b in zip(before, after, strict=True):
            assert torch.equal(a, b)


def test_each_patch_can_be_bypassed_alone(tiny_ltx, conditioning, render, patches):
    """A chain without one patch is the chain that never had it, whatever was rendered before with it."""
    functions, _ = patches
    base = tiny_ltx()
    render(apply_all(base, functions, functions), conditioning(1), [], sigmas=ONE_STEP)
    for left_out in functions:
        order = [name for name in functions if name != left_out]
        again = render(apply_all(base, functions, order), conditioning(1), [], sigmas=ONE_STEP)
        fresh = render(apply_all(tiny_ltx(), functions, order), conditioning(1), [], sigmas=ONE_STEP)
        for a, b in zip(again, fresh, strict=True):
            assert torch.equal(a, b), left_out


def test_iterations_are_guided_like_the_initial_render(tiny_ltx, conditioning, render, patches):
    """The same clone renders every window; between windows the model may be unloaded."""
    import comfy.model_management as management

    functions, _ = patches
    model = apply_all(tiny_ltx(), functions, functions)
    initial = render(model, conditioning(1), [])
    for _iteration in range(2):
        management.unload_all_models()
        for a, b in zip(render(model, conditioning(1), []), initial, strict=True):
            assert torch.equal(a, b)
