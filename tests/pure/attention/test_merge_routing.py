from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.attention.core_backends import ANY_BACKEND, CORE_BACKENDS, backend_of
from audio_loop.attention.exact_kernels import EXACT_NAMES, EXACT_TABLE, MERGE_ORDER
from audio_loop.attention.kernels import COMFY, KERNEL_NAMES, TABLE
from audio_loop.attention.merge_routing import MERGED, merge_route, merges, routing_words
from audio_loop.attention.routing import (
    DEFAULT_MODE,
    MODES,
    QUANTIZED_GUIDES,
    AttentionModeError,
    CallShape,
    Capabilities,
    call_obstacle,
    check_mode,
    machine_obstacle,
    offered_modes,
    route,
)

REPOSITORY = Path(__file__).resolve().parents[3]
SAGE = frozenset(row.qualified_function for row in TABLE if row.package == "sageattention" and not row.below_version)
TORCH = frozenset(row.qualified_function for row in EXACT_TABLE if row.package == "torch")
CPU = frozenset({"torch._scaled_dot_product_flash_attention_for_cpu"})
FA2, FA3 = frozenset({"flash_attn.flash_attn_func"}), frozenset({"flash_attn_interface.flash_attn_func"})
VERSIONS = {"torch": "2.9.1", "sageattention": "2.2.0", "flash_attn": "2.8.3", "flash_attn_interface": "3.0.0b1"}

WINDOW = CallShape(
    q_len=22932, kv_len=23296, heads=32, kv_heads=32, head_dim=128, dtype="bfloat16", masked=True, full_precision=True
)
PYTORCH, KITCHEN, FLASH, QUAD = (
    CORE_BACKENDS[f"attention_{name}"] for name in ("pytorch", "comfy_kitchen_int8", "flash", "sub_quad")
)


def machine(arch, *functions):
    found = frozenset().union(*functions)
    return Capabilities(arch=arch, cuda=(12, 8), versions=VERSIONS, functions=found, mask_functions=frozenset())


@pytest.mark.parametrize(
    ("mode", "capabilities", "backend", "name"),
    [
        (DEFAULT_MODE, machine(89, TORCH), PYTORCH, "torch_flash"),
        (DEFAULT_MODE, machine(89, TORCH, SAGE), PYTORCH, "torch_flash"),
        (DEFAULT_MODE, machine(89, TORCH, FA2), PYTORCH, "torch_flash"),
        (DEFAULT_MODE, machine(89, TORCH, FA2), FLASH, "flash_attn"),
        (DEFAULT_MODE, machine(90, TORCH, FA2, FA3), PYTORCH, "flash_attn_3"),
        (DEFAULT_MODE, machine(89, FA2), PYTORCH, "flash_attn"),
        (DEFAULT_MODE, machine(89, SAGE), PYTORCH, "comfy"),
        (DEFAULT_MODE, machine(75, TORCH), PYTORCH, "comfy"),
        (DEFAULT_MODE, machine(89, TORCH), KITCHEN, "comfy"),
        (DEFAULT_MODE, machine(89, TORCH), QUAD, "comfy"),
        (DEFAULT_MODE, machine(89, TORCH), ANY_BACKEND, "torch_flash"),
        (QUANTIZED_GUIDES, machine(89, TORCH, SAGE), PYTORCH, "sage_fp8_cuda++"),
        (QUANTIZED_GUIDES, machine(86, TORCH, SAGE), PYTORCH, "sage_fp16_triton"),
        (QUANTIZED_GUIDES, machine(90, TORCH, SAGE), PYTORCH, "sage_fp8_cuda"),
        (QUANTIZED_GUIDES, machine(89, TORCH), PYTORCH, "torch_flash"),
        (QUANTIZED_GUIDES, machine(89, TORCH, SAGE), KITCHEN, "comfy"),
        ("auto", machine(89, TORCH, SAGE), PYTORCH, "comfy"),
        ("disabled", machine(89, TORCH, SAGE), PYTORCH, "comfy"),
        ("sage_fp16_cuda", machine(89, TORCH, SAGE), PYTORCH, "sage_fp16_cuda"),
        ("sage3_blackwell", machine(120, TORCH, frozenset({"sageattn3.sageattn3_blackwell"})), PYTORCH, "comfy"),
        ("torch_efficient", machine(75, TORCH), QUAD, "torch_efficient"),
        ("torch_cudnn", machine(90, TORCH), PYTORCH, "torch_cudnn"),
    ],
)
def test_a_guides_call_is_merged_by_a_kernel_that_tells_its_log_sum_exp(mode, capabilities, backend, name):
    decision = merge_route(mode, capabilities, WINDOW, backend)
    assert decision.kernel.name == name
    assert (decision.reason == MERGED) == (name != "comfy")


def test_on_the_cpu_only_a_named_kernel_merges():
    here = Capabilities(versions={"torch": "2.9.1"}, functions=CPU)
    call = replace(WINDOW, on_cuda=False, on_cpu=True, dtype="float32")
    assert merge_route(DEFAULT_MODE, here, call).kernel is COMFY
    assert merge_route("torch_flash", here, call).kernel.device == "cpu"
    assert merge_route("torch_flash", here, replace(call, on_cpu=False)).kernel is COMFY, "another device"
    assert route("torch_flash", here, replace(call, masked=False)).kernel.name == "torch_flash"
    assert route("torch_flash", here, call).kernel is COMFY, "a mask is for ComfyUI"
    assert "torch_flash" in offered_modes(here)
    check_mode("torch_flash", here)
    with pytest.raises(AttentionModeError, match=r"no CUDA device\. It needs: torch, an NVIDIA GPU"):
        check_mode("torch_efficient", Capabilities(versions={"torch": "2.9.1"}, functions=TORCH))


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (replace(WINDOW, dtype="float32"), "comfy"),
        (replace(WINDOW, kv_heads=8), "comfy"),
        (replace(WINDOW, head_dim=512), "comfy"),
        (replace(WINDOW, head_dim=64, custom_scale=True), "torch_flash"),
        (replace(WINDOW, q_len=364), "torch_flash"),
    ],
)
def test_calls_that_do_not_fit_stay_masked(call, name):
    assert merge_route(DEFAULT_MODE, machine(89, TORCH), call, PYTORCH).kernel.name == name
    assert merge_route(DEFAULT_MODE, machine(89, TORCH), call, PYTORCH, skip_under_seq_len=99999).kernel is COMFY


@given(
    mode=st.sampled_from(MODES),
    arch=st.sampled_from((None, 75, 80, 86, 89, 90, 120)),
    functions=st.sets(st.sampled_from((TORCH, SAGE, FA2, FA3)), max_size=4),
    backend=st.sampled_from((ANY_BACKEND, *CORE_BACKENDS.values())),
    full_precision=st.booleans(),
    on_cuda=st.booleans(),
)
def test_what_merges_fits_the_call_and_is_quantised_only_if_the_mode_says_so(
    mode, arch, functions, backend, full_precision, on_cuda
):
    capabilities = machine(arch, *functions)
    call = replace(WINDOW, full_precision=full_precision, on_cuda=on_cuda, on_cpu=not on_cuda)
    kernel = merge_route(mode, capabilities, call, backend).kernel
    if kernel is COMFY:
        return
    assert kernel.log_sum_exp
    assert machine_obstacle(kernel, capabilities) is None
    assert call_obstacle(kernel, replace(call, masked=False)) is None
    assert kernel.name in EXACT_NAMES or mode == QUANTIZED_GUIDES or mode == kernel.name
    assert mode not in ("auto", "disabled")


def test_the_tables_are_consistent():
    assert set(MERGE_ORDER) <= set(EXACT_NAMES)
    assert not set(EXACT_NAMES) & set(KERNEL_NAMES)
    for row in EXACT_TABLE:
        assert row.log_sum_exp
        assert row.tolerance
        assert row.install
        assert row.device == "cpu" or row.dtypes
    # The release on the package index and the FP4 kernel cannot tell a log-sum-exp.
    assert [row.package for row in TABLE if not row.log_sum_exp] == ["sageattention", "sageattn3"]
    assert {backend.name for backend in CORE_BACKENDS.values()} == {
        *("pytorch", "comfy_kitchen_int8", "sage", "sage3", "flash", "xformers", "sub_quad", "split")
    }
    assert all(backend.masked for backend in CORE_BACKENDS.values())
    assert backend_of(len) is ANY_BACKEND


def test_the_page_on_attention_names_every_mode_and_backend():
    page = (REPOSITORY / "docs" / "attention.md").read_text("utf-8")
    assert [name for name in (*MODES, *(row.name for row in CORE_BACKENDS.values())) if f"`{name}`" not in page] == []


def test_words_for_the_log():
    ada = machine(89, TORCH, SAGE)
    assert routing_words(DEFAULT_MODE, ada) == (
        "calls without a mask by sage_fp8_cuda++; guides of a strength other than 1 merged with torch_flash, without a mask"
    )
    assert routing_words(QUANTIZED_GUIDES, ada).endswith("merged with sage_fp8_cuda++, without a mask")
    assert routing_words("auto", ada).endswith("strength other than 1 masked")
    assert routing_words("torch_flash", ada).startswith("calls without a mask by torch_flash; ")
    assert merges(DEFAULT_MODE, machine(None, CPU)) is None
    assert merges("torch_flash", machine(None, CPU)) == "torch_flash"
