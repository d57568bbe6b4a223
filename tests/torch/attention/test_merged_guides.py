"""Windows with guides on the tiny LTX 2.3: no call sees a mask if a kernel tells its log-sum-exp; all comes out the same."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import torch

from audio_loop.attention import capabilities as machine
from audio_loop.attention import option_keys, override
from audio_loop.attention.nag import apply_nag
from audio_loop.attention.override import AttentionDispatcher, apply_sage_attention
from audio_loop.attention.routing import Capabilities
from audio_loop.attention.tracing import stamp_iteration
from audio_loop.latent_ops.guide import append_guide

FLASH = "torch_flash"
SAGE, TORCH = "sageattention.sageattn_qk_int8_pv_fp16_cuda", "torch._scaled_dot_product_flash_attention"
AMPERE = Capabilities(
    arch=80,
    cuda=(12, 8),
    versions={"sageattention": "2.2.0", "torch": "2.9.1"},
    functions=frozenset({SAGE, TORCH}),
)
ONE_STEP = [1.0, 0.0]
ABOVE_FLOAT_ERROR = 1e-3


@pytest.fixture
def window(conditioning, render):
    """`window(model, guides, ...)` renders 3 latents with guides of (latents, pixel frame, strength)."""

    def run(model, guides, *, batch=1, pixel_mask=None, negative=()):
        generator = torch.Generator().manual_seed(1)
        video = torch.randn(batch, 128, 3, 2, 2, generator=generator)
        state = (conditioning(1), conditioning(2), {"samples": video})
        for latents, frame, strength in guides:
            guide = torch.randn(1, 128, latents, 2, 2, generator=generator)
            state = append_guide(*state, {"samples": guide}, frame, strength)
        positive, _, latent = state
        if pixel_mask is not None:
            positive[0][1]["guide_attention_entries"][0]["pixel_mask"] = pixel_mask
        total = latent["samples"].shape[2]
        mask = latent["noise_mask"].expand(batch, 1, total, 2, 2)
        arguments = {"batch": batch, "frames": total, "video": latent["samples"], "video_mask": mask, "sigmas": ONE_STEP}
        return render(model, positive, list(negative), **arguments)

    return run


def calls_of(folder):
    """(kernel, reason, mask) of each attention call that was traced."""
    lines = (folder / "attention.jsonl").read_text("utf-8").splitlines()
    return [(row["kernel"], row["reason"], row["mask"]) for row in map(json.loads, lines)]


def assert_same(got, expected, tolerance=2e-5):
    for a, b in zip(got, expected, strict=True):
        assert (a - b).abs().max().item() <= tolerance


def differs(a, b):
    return max((x - y).abs().max().item() for x, y in zip(a, b, strict=True)) > ABOVE_FLOAT_ERROR


@pytest.mark.parametrize(
    "guides",
    [
        [(1, -8, 0.0)],
        [(1, -8, 0.7)],
        [(1, -8, 10.0)],
        [(1, -8, 0.7), (2, 0, 0.25), (1, 8, 1.0)],
        [(1, -8, 3.0), (1, 8, 0.0)],
    ],
)
def test_no_call_of_a_window_with_guides_is_masked(tiny_ltx, window, tmp_path, guides):
    model = tiny_ltx()
    expected = window(model, guides)
    patched = stamp_iteration(apply_sage_attention(model, FLASH), 1, tmp_path)

    assert_same(window(patched, guides), expected)
    assert differs(expected, window(model, [(n, frame, 1.0) for n, frame, _ in guides])), "the strength would not show"
    calls = calls_of(tmp_path)
    # 2 blocks of 6 calls, and ComfyUI splits the video's self-attention into the queries of window and guides.
    assert len(calls) == 14
    assert {kernel for kernel, _, _ in calls} == {FLASH}
    assert [mask for _, _, mask in calls] == [None] * 14
    assert [reason for _, reason, _ in calls].count("mask merged") == 4


def test_any_strength(tiny_ltx, window):
    model = tiny_ltx()
    merging = apply_sage_attention(model, FLASH)
    strengths = [0.0, 1e-4, 0.3, 0.7, 0.999, 1.5, 4.0, 10.0]
    for first, second in zip(strengths, reversed(strengths), strict=True):
        guides = [(1, -8, first), (2, 8, second)]
        assert_same(window(merging, guides), window(model, guides))


def test_a_batch_of_two(tiny_ltx, window):
    model = tiny_ltx()
    guides = [(1, -8, 0.7)]
    assert_same(window(apply_sage_attention(model, FLASH), guides, batch=2), window(model, guides, batch=2))


def test_a_mask_of_pixels_stays_masked_and_the_log_says_so_once(tiny_ltx, window, tmp_path, caplog):
    model = tiny_ltx()
    pixels = torch.linspace(0.1, 0.9, 12 * 64 * 64).view(1, 1, 12, 64, 64)
    guides = [(12, 0, 0.7)]
    expected = window(model, guides, pixel_mask=pixels)
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        patched = stamp_iteration(apply_sage_attention(model, FLASH), 1, tmp_path)
        got = window(patched, guides, pixel_mask=pixels)

    assert_same(got, expected)
    reasons = [(reason, mask) for _, reason, mask in calls_of(tmp_path) if reason != "chosen"]
    # The queries of the guide see all keys of the window alike, each query in its own way.
    assert reasons == [("mask not one bias per key", [1, 1, 1, 60]), ("mask merged", None)] * 2
    assert len([r for r in caplog.records if "not one bias per key" in r.message and "stay masked" in r.message]) == 1


def test_with_normalised_attention_guidance_and_spatio_temporal_guidance(tiny_ltx, conditioning, window):
    from comfy_extras.nodes_lt import LTXVSpatioTemporalGuidance

    guides = [(1, -8, 0.7), (1, 8, 2.0)]

    def patched(model):
        return LTXVSpatioTemporalGuidance.execute(apply_nag(model, conditioning(2)), 0.7, "1", 0.0, 1.0).result[0]

    plain = tiny_ltx()
    expected = window(patched(plain), guides)
    assert differs(expected, window(plain, guides))
    assert_same(window(patched(apply_sage_attention(plain, FLASH)), guides), expected)
    assert_same(window(apply_sage_attention(patched(plain), FLASH), guides), expected)


def test_the_automatic_modes_merge_nothing_without_a_gpu(tiny_ltx):
    model = tiny_ltx()
    for mode in ("auto_mask_aware", "auto_quantized_guides", "auto"):
        assert apply_sage_attention(model, mode, capabilities=replace(machine.probe(), arch=None)) is model


class OnAmpere(AttentionDispatcher):
    """Routes calls as if their tensors lay on a GPU in half precision and heads were wide enough."""

    def decide(self, call):
        return super().decide(replace(call, on_cuda=True, on_cpu=False, dtype="bfloat16"))

    def decide_merge(self, call, backend):
        moved = replace(call, on_cuda=True, on_cpu=False, dtype="bfloat16")
        return super().decide_merge(moved, replace(backend, merges_guides=True))


@pytest.fixture
def ampere(monkeypatch):
    """Exact stand-ins for the CUDA kernels; the list of who was called, and whether for its log-sum-exp."""
    called = []

    def load(kernel):
        def attend(q, k, v, *rest, tensor_layout="HND", return_lse=False, scale=None, sm_scale=None, **options):
            called.append((kernel.name, return_lse or kernel.package == "torch"))
            if tensor_layout == "NHD":
                q, k, v = (t.transpose(1, 2) for t in (q, k, v))
            logits = q @ k.mT * q.shape[-1] ** -0.5
            out = logits.softmax(-1) @ v
            out = out.transpose(1, 2) if tensor_layout == "NHD" else out
            return (out, logits.logsumexp(-1)) if called[-1][1] else out

        return attend

    monkeypatch.setattr(machine, "load", load)
    monkeypatch.setattr(override, "AttentionDispatcher", OnAmpere)
    return called


@pytest.mark.parametrize(
    ("mode", "merging"),
    [
        ("auto_mask_aware", "torch_flash"),
        ("auto_quantized_guides", "sage_fp16_cuda"),
        ("sage_fp16_cuda", "sage_fp16_cuda"),
        ("torch_flash", "torch_flash"),
        ("auto", None),
    ],
)
def test_guides_keep_full_precision_unless_the_mode_says_otherwise(tiny_ltx, window, ampere, mode, merging):
    model = tiny_ltx()
    guides = [(1, -8, 0.7)]
    expected = window(model, guides)

    assert_same(window(apply_sage_attention(model, mode, capabilities=AMPERE), guides), expected)
    # Four calls of two groups each; the other ten are free.
    assert [name for name, told in ampere if told] == ([merging] * (18 if mode == "torch_flash" else 8) if merging else [])
    assert len(ampere) == (18 if merging else 10)


def test_without_sageattention_a_gpu_still_merges_guides_and_says_so(tiny_ltx, window, ampere, caplog):
    override._say_once.cache_clear()
    model = tiny_ltx()
    bare = replace(AMPERE, versions={"torch": "2.9.1"}, functions=frozenset({TORCH}))
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        patched = apply_sage_attention(model, capabilities=bare)

    assert_same(window(patched, [(1, -8, 0.7)]), window(model, [(1, -8, 0.7)]))
    assert ampere == [("torch_flash", True)] * 8
    assert [r.message for r in caplog.records] == [
        "attention mode auto_mask_aware: calls without a mask by ComfyUI's own attention; guides of a strength other than 1 "
        "merged with torch_flash, without a mask"
    ]


def test_a_kernel_that_fails_leaves_the_masked_call_to_comfyui(tiny_ltx, window, monkeypatch, caplog):
    monkeypatch.setattr(machine, "load", lambda kernel: lambda *args, **kwargs: 1 / 0)
    model = tiny_ltx()
    expected = window(model, [(1, -8, 0.7)])
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        assert_same(window(apply_sage_attention(model, FLASH), [(1, -8, 0.7)]), expected, 0.0)
    assert "torch_flash failed on" in caplog.text


def test_what_comfyuis_own_node_chose_is_left_alone_by_the_automatic_modes(tiny_ltx, window, ampere, caplog):
    from comfy.ldm.modules.attention import attention_pytorch

    chosen = tiny_ltx()
    chosen.set_model_optimized_attention(attention_pytorch)
    for mode in ("auto_mask_aware", "auto_quantized_guides", "auto"):
        assert apply_sage_attention(chosen, mode, capabilities=AMPERE) is chosen
    earlier = apply_sage_attention(tiny_ltx(), capabilities=AMPERE)
    earlier.set_model_optimized_attention(attention_pytorch)
    assert apply_sage_attention(earlier, capabilities=AMPERE) is earlier

    window(earlier, [(1, -8, 0.7)])
    assert ampere == []
    assert "does not find ComfyUI's" not in caplog.text, "a choice is no fault of ComfyUI"

    named = apply_sage_attention(chosen, "sage_fp16_cuda", capabilities=AMPERE)
    window(named, [(1, -8, 0.7)])
    assert {name for name, _ in ampere} == {"sage_fp16_cuda"}, "a kernel that is named after it takes its place"


def test_what_a_checkpoint_prefers_is_left_alone_by_the_automatic_modes(tiny_ltx, ampere, caplog):
    """As ComfyUI newer than 0.33 keeps it: a module of each attention layer, which is empty for most checkpoints."""
    override._say_once.cache_clear()
    model = tiny_ltx()
    layer = model.get_model_object("diffusion_model").transformer_blocks[1].attn1
    layer.comfy_attention = torch.nn.Module()
    layer.comfy_attention.function = layer.comfy_attention.config = None
    assert apply_sage_attention(model, capabilities=AMPERE) is not model

    layer.comfy_attention.function, layer.comfy_attention.config = torch.add, {"attention": "comfy_kitchen_int8"}
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        assert apply_sage_attention(model, capabilities=AMPERE) is model
    assert "auto_mask_aware: the checkpoint (comfy_kitchen_int8) chose the attention" in caplog.text
    assert apply_sage_attention(model, "sage_fp16_cuda", capabilities=AMPERE) is not model


def test_a_backend_that_somebody_chose_keeps_its_calls_on_a_gpu(monkeypatch, caplog):
    """`--use-ck-attention` and the like: known by the function that ComfyUI hands over."""
    dispatcher = AttentionDispatcher("auto_mask_aware", AMPERE)
    shape_of = override.call_shape
    monkeypatch.setattr(override, "call_shape", lambda *a, **kw: replace(shape_of(*a, **kw), on_cuda=True))
    monkeypatch.setattr(machine, "load", lambda kernel: lambda q, *rest, **options: q + 1)
    q = torch.zeros(1, 8, 64, dtype=torch.bfloat16)

    def attention_comfy_kitchen_int8(q, k, v, heads, **kwargs):
        return q - 1

    def attention_pytorch(q, k, v, heads, **kwargs):
        return q - 1

    record = override.RenderRecord()
    options = {option_keys.RECORD: record}
    with caplog.at_level(logging.INFO, logger="audio_loop.attention.override"):
        for _ in range(2):
            assert dispatcher(attention_comfy_kitchen_int8, q, q, q, 1, transformer_options=options).mean() == -1
    (said,) = (r.message for r in caplog.records)
    assert said.startswith("attention is left to comfy_kitchen_int8, chosen by --use-ck-attention, Model Attention Backend")
    assert dispatcher(attention_pytorch, q, q, q, 1, transformer_options=options).mean() == 1
    assert record.summary() == "attention calls: comfy 2 (left to comfy_kitchen_int8 2); sage_fp16_cuda 1 (auto 1)"
