from __future__ import annotations

import logging
from dataclasses import replace

import pytest
import torch

from audio_loop.attention import capabilities as machine
from audio_loop.attention import option_keys, override
from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
from audio_loop.attention.render_record import RenderRecord
from audio_loop.attention.routing import AttentionModeError, Capabilities, route

TRITON = "sageattention.sageattn_qk_int8_pv_fp16_triton"
CUDA = "sageattention.sageattn_qk_int8_pv_fp16_cuda"
AMPERE = Capabilities(
    arch=80,
    cuda=(12, 8),
    versions={"sageattention": "2.2.0"},
    functions=frozenset({TRITON, CUDA}),
    mask_functions=frozenset({TRITON}),
)
NOTHING = Capabilities()


class OnAnyDevice(AttentionDispatcher):
    """Routes calls as if their tensors lay on a GPU in half precision; everything else is the dispatcher's own."""

    def decide(self, call):
        call = replace(call, on_cuda=True, dtype="bfloat16")
        return route(self.mode, self.capabilities, call, self.skip_under_seq_len)


@pytest.fixture
def kernels(monkeypatch):
    """Stands in for the CUDA kernels: exact attention, and a list of who was called with which mask."""
    from audio_loop.attention.kernels import TABLE

    called = []

    def load(kernel):
        def attend(q, k, v, tensor_layout="HND", is_causal=False, attn_mask=None, **options):
            called.append((kernel.name, attn_mask is not None))
            if tensor_layout == "NHD":
                q, k, v = (t.transpose(1, 2) for t in (q, k, v))
            bias = None if attn_mask is None else attn_mask.float() * 0.6931471805599453
            out = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
            return out.transpose(1, 2) if tensor_layout == "NHD" else out

        return attend

    assert TABLE
    monkeypatch.setattr(machine, "load", load)
    monkeypatch.setattr(override, "AttentionDispatcher", OnAnyDevice)
    return called


def assert_same(got, expected, tolerance=1e-5):
    for a, b in zip(got, expected, strict=True):
        assert (a - b).abs().max().item() <= tolerance


def test_a_render_through_the_dispatcher_equals_one_without(tiny_ltx, conditioning, render, kernels, caplog):
    model = tiny_ltx()
    expected = render(model, conditioning(1), conditioning(2))
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        got = render(apply_sage_attention(model, capabilities=AMPERE), conditioning(1), conditioning(2))

    assert_same(got, expected)
    # 2 steps, 2 blocks, 6 attention calls: self, text, self, text, audio to video, video to audio.
    assert kernels == [("sage_fp16_cuda", False)] * 24
    summaries = [r.message for r in caplog.records if r.message.startswith("attention calls")]
    assert len(summaries) == 1
    assert summaries[0].startswith("attention calls: sage_fp16_cuda 24 (auto 24), in ")


def test_masked_calls_go_where_the_mask_is_honoured(tiny_ltx, conditioning, render, kernels):
    mask = torch.zeros(1, 1, 1, 16)
    mask[..., 10:] = -30.0
    masked = conditioning(1, attention_mask=mask)
    model = tiny_ltx()
    expected = render(model, masked, conditioning(2))

    got = render(apply_sage_attention(model, capabilities=AMPERE), masked, conditioning(2))

    assert_same(got, expected)
    assert kernels.count(("sage_fp16_triton", True)) == 8
    assert kernels.count(("sage_fp16_cuda", False)) == 16
    kernels.clear()
    assert_same(render(apply_sage_attention(model, "auto", capabilities=AMPERE), masked, conditioning(2)), expected)
    assert len(kernels) == 16
    assert not any(had_mask for _, had_mask in kernels)


def test_comfyuis_own_request_for_full_precision_is_honoured(kernels):
    dispatcher = OnAnyDevice("auto_mask_aware", AMPERE)
    q = torch.randn(1, 8, 64)
    record = RenderRecord()
    options = {option_keys.RECORD: record}

    def own(q, k, v, heads, **kwargs):
        assert kwargs["low_precision_attention"] is False
        return q

    dispatcher(own, q, q, q, 1, mask=None, low_precision_attention=False, transformer_options=options)

    assert kernels == []
    assert record.summary() == "attention calls: comfy 1 (full precision asked for 1)"


def test_a_failing_kernel_falls_back_with_one_line_per_shape(tiny_ltx, conditioning, render, monkeypatch, caplog):
    def load(kernel):
        def broken(*args, **kwargs):
            raise RuntimeError("misaligned address")

        return broken

    monkeypatch.setattr(machine, "load", load)
    monkeypatch.setattr(override, "AttentionDispatcher", OnAnyDevice)
    model = tiny_ltx()
    expected = render(model, conditioning(1), conditioning(2))
    patched = apply_sage_attention(model, capabilities=AMPERE)
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        got = render(patched, conditioning(1), conditioning(2))

    assert_same(got, expected, 0.0)
    warnings = [r.message for r in caplog.records if r.levelno == logging.WARNING]
    assert warnings == [
        f"sage_fp16_cuda failed on 12 x {keys} tokens, 2 heads of {width}, float32 (misaligned address); "
        "using ComfyUI's attention there"
        for keys, width in ((12, 32), (16, 32), (12, 16), (16, 16))
    ]
    assert "comfy 24 (kernel failed before 20, kernel raised RuntimeError 4)" in caplog.text

    with pytest.raises(RuntimeError, match="misaligned address"):
        render(apply_sage_attention(model, fallback_on_error=False, capabilities=AMPERE), conditioning(1), [])


def test_short_sequences_are_left_to_comfyui(tiny_ltx, conditioning, render, kernels):
    render(apply_sage_attention(tiny_ltx(), skip_under_seq_len=13, capabilities=AMPERE), conditioning(1), [])
    # 12 video tokens, 12 audio tokens, 16 of text: only nothing reaches 13 on both sides
    assert kernels == []
    render(apply_sage_attention(tiny_ltx(), skip_under_seq_len=12, capabilities=AMPERE), conditioning(1), [])
    assert len(kernels) == 24


def test_without_sageattention_the_default_gives_the_model_back_and_says_so_once(tiny_ltx, caplog):
    override._say_once.cache_clear()
    model = tiny_ltx()
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        assert apply_sage_attention(model, capabilities=NOTHING) is model
        assert apply_sage_attention(model, capabilities=NOTHING) is model
    assert [r.message for r in caplog.records] == [
        "attention mode auto_mask_aware: SageAttention is not installed, rendering with ComfyUI's own attention"
    ]


def test_without_sageattention_an_explicit_kernel_is_refused_with_the_way_to_install_it(tiny_ltx):
    with pytest.raises(AttentionModeError, match="pip install sageattention"):
        apply_sage_attention(tiny_ltx(), "sage_fp16_cuda", capabilities=NOTHING)


def test_disabled_gives_the_model_back_and_takes_an_earlier_dispatcher_off(tiny_ltx):
    model = tiny_ltx()
    assert apply_sage_attention(model, "disabled", capabilities=AMPERE) is model
    patched = apply_sage_attention(model, capabilities=AMPERE)

    off = apply_sage_attention(patched, "disabled", capabilities=AMPERE)

    assert option_keys.OVERRIDE not in off.model_options["transformer_options"]
    assert off.model_options["transformer_options"]["wrappers"] == {"sampler_sample": {}}
    assert option_keys.OVERRIDE in patched.model_options["transformer_options"]


def test_a_negative_length_is_refused(tiny_ltx):
    with pytest.raises(ValueError, match="skip_under_seq_len is -1"):
        apply_sage_attention(tiny_ltx(), skip_under_seq_len=-1, capabilities=AMPERE)


def test_the_original_keeps_no_trace(tiny_ltx, conditioning, render, kernels):
    model = tiny_ltx()
    patched = apply_sage_attention(model, capabilities=AMPERE)
    options = patched.model_options["transformer_options"]
    render(patched, conditioning(1), [])
    render(patched, conditioning(1), [])

    assert model.model_options == {"transformer_options": {}}
    assert patched.model_options["transformer_options"] is options
    assert set(options) == {option_keys.OVERRIDE, "wrappers"}
    assert patched.wrappers == model.wrappers == {}
    assert patched.clone_has_same_weights(model)


def test_an_override_that_was_there_still_acts_and_its_calls_are_dispatched(tiny_ltx, conditioning, render, kernels):
    def doubling(func, q, k, v, heads, **kwargs):
        return func(q, k, v * 2, heads, **kwargs)

    model = tiny_ltx()
    model.model_options["transformer_options"][option_keys.OVERRIDE] = doubling
    expected = render(model, conditioning(1), [])
    patched = apply_sage_attention(model, capabilities=AMPERE)

    assert_same(render(patched, conditioning(1), []), expected)
    assert len(kernels) == 24
    replaced = apply_sage_attention(patched, "sage_fp16_triton", capabilities=AMPERE)
    kernels.clear()
    assert_same(render(replaced, conditioning(1), []), expected)
    assert set(kernels) == {("sage_fp16_triton", False)}, "a second node takes the place of the first"
    off = apply_sage_attention(replaced, "disabled", capabilities=AMPERE)
    assert off.model_options["transformer_options"][option_keys.OVERRIDE] is doubling


def test_survives_an_offload_and_reload(tiny_ltx, conditioning, render, kernels):
    import comfy.model_management as management

    patched = apply_sage_attention(tiny_ltx(), capabilities=AMPERE)
    expected = render(patched, conditioning(1), [])
    management.free_memory(1e30, management.get_torch_device())

    assert_same(render(patched, conditioning(1), []), expected, 0.0)


def test_works_inside_a_compiled_model(tiny_ltx, conditioning, render, kernels):
    from comfy_api.torch_helpers import set_torch_compile_wrapper

    from audio_loop.attention.nag import apply_nag

    torch._dynamo.reset()
    model = apply_nag(apply_sage_attention(tiny_ltx(), capabilities=AMPERE), conditioning(2))
    expected = render(model, conditioning(1), [], sigmas=[1.0, 0.0])
    expected_calls = list(kernels)
    kernels.clear()
    compiled = model.clone()
    set_torch_compile_wrapper(model=compiled, backend="eager")

    got = render(compiled, conditioning(1), [], sigmas=[1.0, 0.0])

    assert_same(got, expected)
    assert kernels == expected_calls
    torch._dynamo.reset()


def test_the_probe_finds_what_is_here():
    found = machine.probe()
    assert (found.arch is None) == (not torch.cuda.is_available())
    assert found.mask_functions <= found.functions
    assert all(name.split(".")[0] in found.versions for name in found.functions)


def test_the_record_sorts_by_number_of_calls():
    record = RenderRecord()
    for kernel, reason, number in (("comfy", "mask", 2), ("fast", "auto", 5), ("comfy", "short", 1)):
        for _ in range(number):
            record.count(kernel, reason)
    assert record.summary() == "attention calls: fast 5 (auto 5); comfy 3 (mask 2, short 1)"
    assert RenderRecord().summary() == "attention calls: none reached the dispatcher"
