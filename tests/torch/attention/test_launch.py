from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from audio_loop.attention.kernels import COMFY, TABLE
from audio_loop.attention.launch import call_shape, launch


def base_two_attention(q, k, v, tensor_layout="HND", is_causal=False, sm_scale=None, attn_mask=None, **options):
    """Attention with the conventions of SageAttention's Triton kernel: base 2, and the mask added as it comes."""
    assert is_causal is False
    if tensor_layout == "NHD":
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
    k -= 0  # the kernel may write into its keys; a test below counts on that showing
    groups = q.shape[1] // k.shape[1]
    k, v = (t.repeat_interleave(groups, dim=1) for t in (k, v))
    logits = q.float() @ k.float().mT * ((sm_scale or q.shape[-1] ** -0.5) * math.log2(math.e))
    if attn_mask is not None:
        assert attn_mask.shape == logits.shape
        if attn_mask.dtype is torch.bool:
            logits = logits + torch.where(attn_mask, 0.0, -1e6)
        else:
            assert attn_mask.dtype == q.dtype
            logits = logits + attn_mask.float()
    weights = torch.exp2(logits - logits.amax(-1, keepdim=True))
    out = ((weights / weights.sum(-1, keepdim=True)) @ v.float()).to(q.dtype)
    return out.transpose(1, 2) if tensor_layout == "NHD" else out


def writes_keys(q, k, v, **arguments):
    k.zero_()
    return torch.zeros_like(q)


ANY = replace(TABLE[1], name="any")
HND_ONLY = replace(ANY, layouts=("HND",))


def inputs(width, q_len, kv_len, heads=4, kv_heads=4, batch=2, dtype=torch.float32):
    generator = torch.Generator().manual_seed(width + q_len + kv_len)
    return [
        torch.randn(batch, length, count * width, generator=generator).to(dtype)
        for length, count in ((q_len, heads), (kv_len, kv_heads), (kv_len, kv_heads))
    ]


def as_heads(tensor, heads):
    return tensor.unflatten(-1, (heads, -1)).transpose(1, 2).contiguous()


def masks(q_len, kv_len, kind):
    generator = torch.Generator().manual_seed(q_len)
    return {
        "none": None,
        "bool": torch.rand(2, 1, q_len, kv_len, generator=generator) > 0.4,
        "additive": torch.randn(2, 4, q_len, kv_len, generator=generator),
        "keys": torch.where(torch.arange(kv_len) < kv_len - 5, 0.0, torch.finfo(torch.float32).min).view(1, 1, 1, -1),
        "infinite": torch.where(torch.arange(kv_len) < kv_len - 5, 0.0, -math.inf).view(1, kv_len).expand(q_len, -1),
        "weights": torch.log(torch.linspace(0.1, 2.0, kv_len)).view(1, 1, kv_len),
    }[kind]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", ["none", "bool", "additive", "keys", "infinite", "weights"])
@pytest.mark.parametrize(("width", "q_len", "kv_len"), [(64, 40, 40), (128, 33, 70), (64, 70, 33)])
def test_equals_comfyuis_attention(comfy_on_cpu, width, q_len, kv_len, kind, dtype):
    from comfy.ldm.modules.attention import attention_pytorch

    q, k, v = inputs(width, q_len, kv_len, dtype=dtype)
    mask = masks(q_len, kv_len, kind)
    comfy_mask = mask if mask is None or mask.dtype is torch.bool else mask.to(dtype)
    expected = attention_pytorch(q, k, v, 4, mask=comfy_mask).float()
    call = call_shape(q, k, 4, mask=mask, skip_reshape=False)

    for kernel in (ANY, HND_ONLY):
        function = base_two_attention
        if kernel is HND_ONLY:
            function = lambda q, k, v, **options: base_two_attention(q, k, v, tensor_layout="HND", **options)  # noqa: E731
        got = launch(kernel, function, call, q, k, v, mask=mask).float()
        assert (got - expected).norm() / expected.norm() < (1e-5 if dtype is torch.float32 else 1e-2)


@pytest.mark.parametrize("skip_output_reshape", [False, True])
def test_every_layout_a_caller_may_use(comfy_on_cpu, skip_output_reshape):
    from comfy.ldm.modules.attention import attention_pytorch

    q, k, v = inputs(64, 21, 34)
    flat = attention_pytorch(q, k, v, 4)
    expected = as_heads(flat, 4) if skip_output_reshape else flat
    head_inputs = [as_heads(t, 4) for t in (q, k, v)]
    for kernel in (ANY, HND_ONLY):
        function = base_two_attention
        for tensors, skip_reshape in (((q, k, v), False), (head_inputs, True)):
            call = call_shape(tensors[0], tensors[1], 4, mask=None, skip_reshape=skip_reshape)
            got = launch(
                kernel,
                function,
                call,
                *tensors,
                skip_reshape=skip_reshape,
                skip_output_reshape=skip_output_reshape,
            )
            torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


def test_grouped_queries_and_a_scale_of_the_callers(comfy_on_cpu):
    from comfy.ldm.modules.attention import attention_pytorch

    q, k, v = inputs(64, 21, 34, kv_heads=2)
    expected = attention_pytorch(q, k, v, 4, enable_gqa=True, scale=0.3)
    call = call_shape(q, k, 4, mask=None, skip_reshape=False, scale=0.3)

    got = launch(ANY, base_two_attention, call, q, k, v, scale=0.3)

    assert (call.heads, call.kv_heads, call.custom_scale) == (4, 2, True)
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("skip_reshape", [False, True])
def test_a_kernel_that_writes_its_keys_writes_a_copy(skip_reshape):
    q, k, v = (as_heads(t, 4) if skip_reshape else t for t in inputs(64, 8, 8))
    kept = k.clone()
    call = call_shape(q, k, 4, mask=None, skip_reshape=skip_reshape)

    launch(replace(ANY, writes_keys=True), writes_keys, call, q, k, v, skip_reshape=skip_reshape)
    assert torch.equal(k, kept)

    launch(ANY, writes_keys, call, q, k, v, skip_reshape=skip_reshape)
    assert torch.equal(k, torch.zeros_like(k)), "the copy is what protects the keys, so without it they are lost"


def test_the_options_of_the_row_reach_the_function():
    seen = {}

    def record(q, k, v, **arguments):
        seen.update(arguments)
        return q

    q, k, v = inputs(64, 8, 8)
    call = call_shape(q, k, 4, mask=None, skip_reshape=False)
    for kernel in TABLE:
        seen.clear()
        launch(kernel, record, call, q, k, v)
        assert set(kernel.options) <= set(seen.items())
        assert seen.get("tensor_layout") == (None if kernel.layouts == ("HND",) else "NHD")
        assert "attn_mask" not in seen


def test_what_is_read_off_a_call():
    q, k, _ = inputs(64, 8, 10, dtype=torch.bfloat16)
    mask = torch.zeros(8, 10)
    call = call_shape(q, k, 4, mask=mask, skip_reshape=False, scale=64**-0.5, low_precision=False)
    assert (call.q_len, call.kv_len, call.heads, call.kv_heads, call.head_dim) == (8, 10, 4, 4, 64)
    assert (call.dtype, call.on_cuda, call.masked, call.custom_scale) == ("bfloat16", False, True, False)
    assert call.full_precision
    assert COMFY.name == "comfy"
