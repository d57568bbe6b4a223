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
from audio_loop.attention.routing import Capabilities, route
from audio_loop.latent_ops.per_step_statistics import apply_per_step_match

from .nag_reference import install_reference, project

FUNCTION = "sageattention.sageattn_qk_int8_pv_fp16_cuda"
AMPERE = Capabilities(arch=80, cuda=(12, 8), versions={"sageattention": "2.2.0"}, functions=frozenset({FUNCTION}))
STG_SCALE, LORA_STRENGTH = 0.7, 0.5
ONE_STEP = [1.0, 0.0]
REFERENCE = torch.randn(1, 128, 3, 2, 2, generator=torch.Generator().manual_seed(5)) * 2 + 1


class OnAnyDevice(AttentionDispatcher):
    """Routes calls as if their tensors lay on a GPU in half precision; everything else is the dispatcher's own."""

    def decide(self, call):
        return route(self.mode, self.capabilities, replace(call, on_cuda=True, dtype="bfloat16"))


@pytest.fixture
def distilled_lora(comfy_on_cpu):
    """The demo's LoRA: every attention and feed-forward matrix of the model, as files hold them."""
    from audio_loop.demo.tiny_lora import lora_state_dict
    from audio_loop.demo.tiny_ltx import transformer_shapes

    return lora_state_dict(transformer_shapes())


@pytest.fixture
def patches(monkeypatch, conditioning, distilled_lora):
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
        from comfy.sd import load_lora_for_models

        clone, _ = load_lora_for_models(model, None, distilled_lora, LORA_STRENGTH, 0.0)
        assert len(clone.patches) == len(distilled_lora) // 2
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


def merged_by_hand(model, lora):
    """The model with the LoRA added to its weights, W + strength * up @ down; no patch."""
    for name in (key.removesuffix(".lora_A.weight") for key in lora if key.endswith(".lora_A.weight")):
        weight = model.model.get_parameter(f"{name}.weight")
        weight.data += LORA_STRENGTH * lora[f"{name}.lora_B.weight"].float() @ lora[f"{name}.lora_A.weight"].float()
    return model


def test_every_order_gives_what_the_formula_says(tiny_ltx, conditioning, render, patches, distilled_lora):
    functions, calls = patches
    positive, negative = conditioning(1), conditioning(2)
    base = tiny_ltx()
    # The parts without any of the patches: weights merged and guidance written into the blocks by hand, one pass as it
    # is and one with block 1 perturbed.
    guided = merged_by_hand(tiny_ltx(), distilled_lora)
    guided = install_reference(guided, project(guided, negative), 11.0, 0.25, 2.5)
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
    import comfy.model_management

    functions, _ = patches
    base = tiny_ltx()
    before = render(base, conditioning(1), [], sigmas=ONE_STEP)
    weights = {name: tensor.clone() for name, tensor in base.model_state_dict().items()}

    for order in (tuple(functions), tuple(reversed(tuple(functions)))):
        render(apply_all(base, functions, order), conditioning(1), [], sigmas=ONE_STEP)

        assert base.model_options == {"transformer_options": {}}
        assert base.patches == {}
        assert base.object_patches == {}
        assert base.wrappers == base.callbacks == base.attachments == {}
        comfy.model_management.unload_all_models()
        for name, tensor in base.model_state_dict().items():
            assert torch.equal(tensor, weights[name]), name
        after = render(base, conditioning(1), [], sigmas=ONE_STEP)
        for a, b in zip(before, after, strict=True):
            assert torch.equal(a, b)


def test_each_patch_can_be_bypassed_alone(tiny_ltx, conditioning, render, patches):
    """A chain without one patch is the chain that never had it, whatever was rendered before with it."""
    functions, _ = patches
    base = tiny_ltx()
    whole = render(apply_all(base, functions, functions), conditioning(1), [], sigmas=ONE_STEP)
    for left_out in functions:
        order = [name for name in functions if name != left_out]
        again = render(apply_all(base, functions, order), conditioning(1), [], sigmas=ONE_STEP)
        fresh = render(apply_all(tiny_ltx(), functions, order), conditioning(1), [], sigmas=ONE_STEP)
        for a, b in zip(again, fresh, strict=True):
            assert torch.equal(a, b), left_out
        change = max((a - b).abs().max().item() for a, b in zip(again, whole, strict=True))
        # Which kernel computes attention must not show; everything else must.
        assert change < 1e-4 if left_out == "sage" else change > 1e-2, left_out


def test_queued_again_and_cloned_it_renders_the_same(tiny_ltx, conditioning, render, patches):
    """Runs keep what they learn to themselves: the options of the patched model hold nothing more after a render."""
    functions, _ = patches
    model = apply_all(tiny_ltx(), functions, functions)

    def held(model):
        options = model.model_options["transformer_options"]
        return {**options, "wrappers": {kind: sorted(named) for kind, named in options["wrappers"].items()}}

    before = held(model)
    first = render(model, conditioning(1), [])
    clone = model.clone()
    clone.model_options["transformer_options"]["somebody"] = "else"
    for again in (model, clone, apply_all(model, functions, ("nag", "sage"))):
        for a, b in zip(render(again, conditioning(1), []), first, strict=True):
            assert torch.equal(a, b)
    assert held(model) == before


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
