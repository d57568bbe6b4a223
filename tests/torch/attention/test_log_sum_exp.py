"""Attention in parts, merged, against ComfyUI's masked answer, on torch's own flash attention for CPUs."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.attention import capabilities as machine
from audio_loop.attention.exact_kernels import EXACT_TABLE
from audio_loop.attention.kernels import TABLE
from audio_loop.attention.key_groups import key_groups
from audio_loop.attention.launch import call_shape, launch
from audio_loop.attention.log_sum_exp import attend_merged
from audio_loop.attention.lse_conventions import CONVENTIONS

NAME = "{0.name}-{0.function}".format
FLASH = next(row for row in EXACT_TABLE if row.device == "cpu")
TOLERANCE = {torch.float32: 2e-6, torch.bfloat16: FLASH.tolerance, torch.float16: 1e-3}


def tensors(q_len, kv_len, heads, width, batch=1, dtype=torch.float32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(batch, n, heads * width, generator=generator).to(dtype) for n in (q_len, kv_len, kv_len)]


def masked(q, k, v, heads, mask):
    """What ComfyUI's attention gives in float32, and in the dtype of the inputs."""
    from comfy.ldm.modules.attention import attention_pytorch

    exact = attention_pytorch(q.float(), k.float(), v.float(), heads, mask=mask.float())
    return exact, attention_pytorch(q, k, v, heads, mask=mask)


def merged(q, k, v, heads, mask, kernel=FLASH, function=None, **shape):
    groups = key_groups(mask)
    assert groups is not None
    call = call_shape(q, k, heads, mask=mask, skip_reshape=shape.get("skip_reshape", False))
    return attend_merged(kernel, function or machine.load(kernel), call, q, k, v, groups, **shape)


def error(got, expected):
    return ((got.float() - expected.float()).norm() / expected.float().norm()).item()


def guide_mask(comfy, total, guides, dtype=torch.float32):
    """ComfyUI's own masks of guides (tokens, strength) at the end of `total` tokens."""
    from comfy.ldm.lightricks.model import GuideAttentionMask

    weights = torch.cat([torch.full((1, tokens), strength) for tokens, strength in guides], dim=1).to(dtype)
    return GuideAttentionMask(total, total - weights.shape[1], weights.shape[1], weights)


strengths = st.one_of(st.sampled_from((0.0, 0.7, 1.0, 10.0)), st.floats(0.0, 10.0, width=32))


@settings(max_examples=60, deadline=None)
@given(
    guides=st.lists(st.tuples(st.integers(1, 23), strengths), min_size=1, max_size=4),
    window=st.integers(1, 150),
    width=st.sampled_from((16, 64, 128)),
    batch=st.sampled_from((1, 2)),
    dtype=st.sampled_from((torch.float32, torch.bfloat16, torch.float16)),
    seed=st.integers(0, 1000),
)
def test_any_guides_of_any_strength(comfy_on_cpu, guides, window, width, batch, dtype, seed):
    total = window + sum(tokens for tokens, _ in guides)
    mask = guide_mask(comfy_on_cpu, total, guides, dtype)
    q, k, v = tensors(total, total, 2, width, batch, dtype, seed)
    for part, which in ((slice(0, window), mask.noisy_mask), (slice(window, None), mask.tracked_mask)):
        exact, own = masked(q[:, part], k, v, 2, which)
        got = merged(q[:, part], k, v, 2, which)
        assert got.dtype == dtype
        assert error(got, exact) < TOLERANCE[dtype] + error(own, exact)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("width", "tokens"), [(128, 1093), (64, 1501)])
def test_all_heads_of_the_real_model_on_a_long_window(comfy_on_cpu, width, tokens, dtype):
    mask = guide_mask(comfy_on_cpu, tokens, [(91, 0.7)], dtype)
    q, k, v = tensors(317, tokens, 32, width, dtype=dtype)
    exact, own = masked(q, k, v, 32, mask.noisy_mask)

    assert error(merged(q, k, v, 32, mask.noisy_mask), exact) < TOLERANCE[dtype] + error(own, exact)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_as_many_keys_as_the_real_window_has(comfy_on_cpu, dtype):
    """832x448, 497 frames: 22,932 keys of the window and 364 of its guide; the queries are few, as each stands alone."""
    mask = guide_mask(comfy_on_cpu, 23_296, [(364, 0.7)], dtype)
    q, k, v = tensors(37, 23_296, 2, 128, dtype=dtype)
    exact, own = masked(q, k, v, 2, mask.noisy_mask)

    assert error(merged(q, k, v, 2, mask.noisy_mask), exact) < TOLERANCE[dtype] + error(own, exact)


@pytest.mark.parametrize("start", [0, 17, 60])
def test_a_guide_may_lie_anywhere(comfy_on_cpu, start):
    mask = torch.zeros(1, 1, 1, 77)
    mask[..., start : start + 17] = math.log(3.5)
    q, k, v = tensors(33, 77, 4, 64, batch=2)

    exact, _ = masked(q, k, v, 4, mask)
    assert error(merged(q, k, v, 4, mask), exact) < 2e-6


def test_masks_of_a_batch_with_prompts_of_different_lengths(comfy_on_cpu):
    mask = torch.zeros(2, 1, 1, 30)
    mask[0, ..., 11:] = mask[1, ..., 25:] = torch.finfo(torch.float32).min
    q, k, v = tensors(21, 30, 4, 64, batch=2)

    exact, _ = masked(q, k, v, 4, mask)
    assert error(merged(q, k, v, 4, mask), exact) < 2e-6


@pytest.mark.parametrize(("skip_reshape", "skip_output_reshape"), list(itertools.product([False, True], repeat=2)))
def test_every_layout_and_scale_and_no_argument_is_changed(comfy_on_cpu, skip_reshape, skip_output_reshape):
    from comfy.ldm.modules.attention import attention_pytorch

    mask = torch.zeros(1, 1, 1, 40)
    mask[..., 30:] = -1.0
    q, k, v = tensors(21, 40, 4, 64)
    if skip_reshape:
        q, k, v = (t.unflatten(-1, (4, 64)).transpose(1, 2) for t in (q, k, v))
    kept = [t.clone() for t in (q, k, v)]
    shape = {"skip_reshape": skip_reshape, "skip_output_reshape": skip_output_reshape}
    expected = attention_pytorch(q, k, v, 4, mask=mask, scale=0.3, **shape)

    torch.testing.assert_close(merged(q, k, v, 4, mask, scale=0.3, **shape), expected, atol=1e-5, rtol=1e-5)
    assert all(torch.equal(a, b) for a, b in zip((q, k, v), kept, strict=True))


def by_hand(q, k, v, scale):
    """(out, lse) of tensors (B, heads, T, width)."""
    logits = q.float() @ k.float().mT * (scale or q.shape[-1] ** -0.5)
    return (logits.softmax(-1) @ v.float()).to(q.dtype), logits.logsumexp(-1)


def stand_in(convention, seen):
    """A function of the signature of each package, which computes by hand."""

    def sage(q, k, v, tensor_layout="HND", is_causal=False, sm_scale=None, smooth_k=True, return_lse=False, **options):
        assert (smooth_k, return_lse, is_causal) == (False, True, False)
        seen.append(k.float().mean().item())
        if tensor_layout == "NHD":
            q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        out, lse = by_hand(q, k, v, sm_scale)
        return (out.transpose(1, 2) if tensor_layout == "NHD" else out), lse

    def flash_attn(q, k, v, dropout_p=0.0, softmax_scale=None, causal=False, return_attn_probs=False):
        assert return_attn_probs
        out, lse = by_hand(*(t.transpose(1, 2) for t in (q, k, v)), softmax_scale)
        return out.transpose(1, 2), lse, None

    def flash_attn_3(q, k, v, softmax_scale=None, causal=False):
        out, lse = by_hand(*(t.transpose(1, 2) for t in (q, k, v)), softmax_scale)
        return out.transpose(1, 2), lse

    return {"sage": sage, "flash_attn": flash_attn, "flash_attn_3": flash_attn_3}[convention]


PACKAGES = [row for row in (*TABLE, *EXACT_TABLE) if row.log_sum_exp and row.package != "torch"]


@pytest.mark.parametrize("kernel", PACKAGES, ids=NAME)
def test_packages_are_asked_as_their_sources_say(comfy_on_cpu, kernel):
    mask = guide_mask(comfy_on_cpu, 90, [(20, 0.7), (9, 3.0)]).noisy_mask
    q, k, v = tensors(61, 90, 4, 64, batch=2)
    k += 5.0  # keys with a mean, as the model's are; 8-bit kernels take it away
    seen = []
    exact, _ = masked(q, k, v, 4, mask)
    got = merged(q, k, v, 4, mask, kernel, stand_in(kernel.log_sum_exp, seen))

    assert error(got, exact) < 1e-5
    if kernel.log_sum_exp == "sage":
        assert len(seen) == 3, "window, and one call for each strength"
        assert max(map(abs, seen)) < 0.2, "one mean for all keys was taken away"
    else:
        whole = launch(kernel, stand_in(kernel.log_sum_exp, seen), call_shape(q, k, 4, mask=None, skip_reshape=False), q, k, v)
        assert error(whole, masked(q, k, v, 4, torch.zeros_like(mask))[0]) < 1e-5


@pytest.mark.parametrize("kernel", [row for row in EXACT_TABLE if row.package == "torch" and row.device == "cuda"], ids=NAME)
def test_torchs_operators_for_cuda_take_these_arguments_and_tell_a_log_sum_exp_of_each_query(kernel):
    """On tensors without data, which torch checks as it would real ones; figures need a GPU."""
    q, k, v = (torch.empty(2, n, 4, 64, device="meta", dtype=torch.bfloat16).transpose(1, 2) for n in (77, 90, 90))
    out, lse = CONVENTIONS[kernel.log_sum_exp](machine.load(kernel), q, k, v, None, {})

    assert (out.shape, lse.shape, lse.dtype) == ((2, 4, 77, 64), (2, 4, 77), torch.float32)


def test_a_build_without_flash_attention_does_not_offer_it(monkeypatch):
    monkeypatch.setattr(torch.backends.cuda, "is_flash_attention_available", lambda: True)
    everything = machine.torch_functions()
    monkeypatch.setattr(torch.backends.cuda, "is_flash_attention_available", lambda: False)

    assert everything - machine.torch_functions() == {"torch._scaled_dot_product_flash_attention"}
    assert {row.qualified_function for row in EXACT_TABLE if row.package == "torch"} == everything
    monkeypatch.undo()
    assert "torch._scaled_dot_product_flash_attention_for_cpu" in machine.probe().functions
