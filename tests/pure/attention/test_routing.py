from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.attention.exact_kernels import EXACT_TABLE
from audio_loop.attention.kernels import AUTO_ORDER, COMFY, KERNEL_NAMES, TABLE, MaskSupport
from audio_loop.attention.routing import (
    DEFAULT_MODE,
    GENERAL_MODES,
    MODES,
    AttentionModeError,
    CallShape,
    Capabilities,
    call_obstacle,
    check_mode,
    honours_mask,
    machine_obstacle,
    offered_modes,
    parse_version,
    requirements,
    route,
    rows,
)

V1 = frozenset({"sageattention.sageattn"})
V2 = V1 | {
    "sageattention.sageattn_qk_int8_pv_fp16_triton",
    "sageattention.sageattn_qk_int8_pv_fp16_cuda",
    "sageattention.sageattn_qk_int8_pv_fp8_cuda",
    "sageattention.sageattn_qk_int8_pv_fp8_cuda_sm90",
}
V3 = frozenset({"sageattn3.sageattn3_blackwell"})
MASKS = frozenset({"sageattention.sageattn_qk_int8_pv_fp16_triton"})
TRITON, FP16, FP8, PLUS, SAGE3 = (
    "sage_fp16_triton",
    "sage_fp16_cuda",
    "sage_fp8_cuda",
    "sage_fp8_cuda++",
    "sage3_blackwell",
)


def machine(arch, version="2.2.0", functions=V2, masks=MASKS, cuda=(12, 8), sage3=False):
    versions = {"sageattention": version} if version else {}
    if sage3:
        versions["sageattn3"] = "1.0.0"
        functions = functions | V3
    if version is None:
        functions, masks = functions - V2, frozenset()
    return Capabilities(arch=arch, cuda=cuda, versions=versions, functions=functions, mask_functions=masks)


SELF_ATTENTION = CallShape(q_len=22932, kv_len=22932, heads=32, kv_heads=32, head_dim=128, dtype="bfloat16")
TEXT = replace(SELF_ATTENTION, kv_len=1024)
AUDIO = CallShape(q_len=497, kv_len=497, heads=32, kv_heads=32, head_dim=64, dtype="bfloat16")

ARCHITECTURES = (75, 80, 86, 87, 89, 90, 100, 120, 121)
RELEASES = {
    "none": {"version": None},
    "1.0.6": {"version": "1.0.6", "functions": V1, "masks": frozenset()},
    "2.1.1": {"version": "2.1.1", "masks": frozenset()},
    "2.2.0": {"version": "2.2.0+cu128torch2.9"},
}

# What an unmasked bfloat16 self-attention of a whole window gets in the default mode.
UNMASKED = {
    "none": dict.fromkeys(ARCHITECTURES, "comfy"),
    # 22,932 keys are not a multiple of 64.
    "1.0.6": dict.fromkeys(ARCHITECTURES, "comfy"),
    "2.1.1": {75: "comfy", 80: FP16, 86: TRITON, 87: TRITON, 89: FP8, 90: FP8, 100: FP8, 120: FP8, 121: FP8},
    "2.2.0": {75: "comfy", 80: FP16, 86: TRITON, 87: TRITON, 89: PLUS, 90: FP8, 100: FP8, 120: PLUS, 121: PLUS},
}


@pytest.mark.parametrize(("release", "arch"), list(itertools.product(RELEASES, ARCHITECTURES)))
def test_unmasked_calls_get_the_architectures_own_kernel(release, arch):
    decision = route(DEFAULT_MODE, machine(arch, **RELEASES[release]), SELF_ATTENTION)

    assert decision.kernel.name == UNMASKED[release][arch]


@pytest.mark.parametrize(("release", "arch"), list(itertools.product(RELEASES, ARCHITECTURES)))
def test_masked_calls_get_a_kernel_that_honours_masks_or_comfyuis_own(release, arch):
    decision = route(DEFAULT_MODE, machine(arch, **RELEASES[release]), replace(SELF_ATTENTION, masked=True))

    honoured = release == "2.2.0" and arch in (80, 86, 87, 89, 90)
    assert decision.kernel.name == (TRITON if honoured else "comfy")
    assert decision.reason == "mask"


@pytest.mark.parametrize(
    ("mode", "arch", "call", "name", "reason"),
    [
        (DEFAULT_MODE, 89, TEXT, PLUS, "auto"),
        (DEFAULT_MODE, 89, AUDIO, PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, dtype="float16"), PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, dtype="float32"), "comfy", "dtype float32"),
        (DEFAULT_MODE, 89, replace(TEXT, head_dim=256), "comfy", "head width 256"),
        (DEFAULT_MODE, 89, replace(TEXT, head_dim=96), PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, on_cuda=False), "comfy", "not on CUDA"),
        (DEFAULT_MODE, 89, replace(TEXT, kv_heads=8), PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, causal=True), PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, custom_scale=True), PLUS, "auto"),
        (DEFAULT_MODE, 89, replace(TEXT, full_precision=True), "comfy", "full precision asked for"),
        (DEFAULT_MODE, 89, replace(TEXT, masked=True, dtype="float32"), "comfy", "mask"),
        (DEFAULT_MODE, 89, replace(TEXT, masked=True), TRITON, "mask"),
        ("auto", 89, replace(TEXT, masked=True), "comfy", "mask"),
        ("auto", 89, TEXT, PLUS, "auto"),
        ("auto", None, TEXT, "comfy", "no kernel for this device"),
        ("disabled", 89, TEXT, "comfy", "disabled"),
        (TRITON, 89, TEXT, TRITON, "chosen"),
        (TRITON, 89, replace(TEXT, masked=True), TRITON, "mask"),
        (FP16, 89, TEXT, FP16, "chosen"),
        (FP16, 89, replace(TEXT, masked=True), TRITON, "mask"),
        (FP8, 89, TEXT, FP8, "chosen"),
        (FP8, 90, TEXT, FP8, "chosen"),
        (FP8, 89, replace(TEXT, masked=True), TRITON, "mask"),
        (FP8, 120, replace(TEXT, masked=True), "comfy", "mask"),
        (PLUS, 120, TEXT, PLUS, "chosen"),
        (PLUS, 120, replace(TEXT, dtype="float32"), "comfy", "dtype float32"),
        (SAGE3, 120, SELF_ATTENTION, SAGE3, "chosen"),
        (SAGE3, 120, replace(SELF_ATTENTION, masked=True), "comfy", "mask"),
        (SAGE3, 120, replace(SELF_ATTENTION, q_len=1025, kv_len=1025), SAGE3, "chosen"),
        (SAGE3, 120, replace(SELF_ATTENTION, q_len=1024), "comfy", "sequence too short for the kernel"),
        (SAGE3, 120, TEXT, "comfy", "sequence too short for the kernel"),
        (SAGE3, 120, replace(SELF_ATTENTION, kv_heads=8), "comfy", "grouped-query attention"),
        (SAGE3, 120, replace(SELF_ATTENTION, custom_scale=True), "comfy", "softmax scale"),
        (SAGE3, 120, replace(SELF_ATTENTION, head_dim=96), "comfy", "head width 96"),
    ],
)
def test_calls_of_the_current_release(mode, arch, call, name, reason):
    decision = route(mode, machine(arch, sage3=True), call)

    assert (decision.kernel.name, decision.reason) == (name, reason)


@pytest.mark.parametrize(
    ("call", "name", "reason"),
    [
        (TEXT, TRITON, "auto"),
        (replace(TEXT, dtype="float32"), TRITON, "auto"),
        (replace(TEXT, kv_len=1023), "comfy", "keys not a multiple of 64"),
        (replace(TEXT, kv_len=1025), "comfy", "keys not a multiple of 64"),
        (replace(TEXT, head_dim=32), "comfy", "head width 32"),
        (replace(TEXT, masked=True), "comfy", "mask"),
    ],
)
def test_calls_of_the_release_on_pypi(call, name, reason):
    decision = route(DEFAULT_MODE, machine(86, **RELEASES["1.0.6"]), call)

    assert (decision.kernel.name, decision.reason) == (name, reason)


@pytest.mark.parametrize(
    ("threshold", "call", "name"),
    [(1024, TEXT, PLUS), (1025, TEXT, "comfy"), (498, AUDIO, "comfy"), (497, AUDIO, PLUS), (0, AUDIO, PLUS)],
)
def test_short_sequences_can_be_left_to_comfyui(threshold, call, name):
    assert route(DEFAULT_MODE, machine(89), call, skip_under_seq_len=threshold).kernel.name == name


capability = st.builds(
    machine,
    arch=st.sampled_from((None, *ARCHITECTURES)),
    version=st.sampled_from((None, "1.0.6", "2.0.1", "2.1.1", "2.2.0", "3.0")),
    functions=st.sampled_from((V1, V2)),
    masks=st.sampled_from((MASKS, frozenset())),
    cuda=st.sampled_from(((), (11, 8), (12, 3), (12, 4), (12, 8), (13, 0))),
    sage3=st.booleans(),
)
calls = st.builds(
    CallShape,
    q_len=st.integers(1, 30000),
    kv_len=st.integers(1, 30000),
    heads=st.just(32),
    kv_heads=st.sampled_from((8, 32)),
    head_dim=st.sampled_from((32, 64, 96, 128, 256)),
    dtype=st.sampled_from(("float16", "bfloat16", "float32")),
    on_cuda=st.booleans(),
    masked=st.booleans(),
    causal=st.booleans(),
    custom_scale=st.booleans(),
    full_precision=st.booleans(),
)


@given(mode=st.sampled_from(MODES), capabilities=capability, call=calls, threshold=st.integers(0, 2048))
def test_a_mask_is_never_dropped_and_a_kernel_never_asked_too_much(mode, capabilities, call, threshold):
    kernel = route(mode, capabilities, call, threshold).kernel

    if kernel is COMFY:
        return
    assert not call.masked or honours_mask(kernel, capabilities)
    assert machine_obstacle(kernel, capabilities) is None
    assert call.on_cuda
    assert call.dtype in kernel.dtypes
    assert call.kv_heads == call.heads or kernel.gqa
    assert call.kv_len % kernel.kv_multiple == 0
    assert not call.full_precision
    assert mode != "disabled"


@given(capabilities=capability, call=calls)
def test_every_offered_mode_passes_the_check(capabilities, call):
    for mode in offered_modes(capabilities):
        check_mode(mode, capabilities)
        route(mode, capabilities, call)


def test_only_what_is_there_is_offered_default_first():
    assert offered_modes(machine(None, version=None)) == GENERAL_MODES
    assert offered_modes(machine(89)) == (*GENERAL_MODES, TRITON, FP16, FP8, PLUS)
    assert offered_modes(machine(120, sage3=True)) == (*GENERAL_MODES, FP16, FP8, PLUS, SAGE3)
    assert offered_modes(machine(86, **RELEASES["1.0.6"])) == (*GENERAL_MODES, TRITON)
    assert GENERAL_MODES[0] == DEFAULT_MODE == "auto_mask_aware"


def test_an_explicit_kernel_that_is_not_installed_is_refused_with_the_way_to_install_it():
    with pytest.raises(AttentionModeError, match=r"sageattention is not installed.*pip install sageattention==2\.2\.0"):
        check_mode(FP8, machine(89, version=None))
    with pytest.raises(AttentionModeError, match=r"sageattn3 is not installed.*sageattention3_blackwell"):
        check_mode(SAGE3, machine(120))


def test_an_explicit_kernel_for_another_gpu_is_refused_with_what_it_needs_and_what_works():
    with pytest.raises(AttentionModeError, match=r"not built for sm86.*sm89.*you can choose auto_mask_aware, auto"):
        check_mode(PLUS, machine(86))
    with pytest.raises(AttentionModeError, match=r"sageattention 1\.0\.6 is not a release with it"):
        check_mode(FP16, machine(86, **RELEASES["1.0.6"]))
    with pytest.raises(AttentionModeError, match=r"needs CUDA 12\.8"):
        check_mode(PLUS, machine(89, cuda=(12, 6)))


def test_an_unknown_mode_is_refused_with_the_known_ones():
    with pytest.raises(AttentionModeError, match=r"'turbo' is not known; choose one of auto_mask_aware"):
        check_mode("turbo", machine(89))


@pytest.mark.parametrize(
    ("text", "number"),
    [("2.2.0+cu128torch2.9", (2, 2, 0)), ("1.0.6", (1, 0, 6)), ("2.2.0.post3", (2, 2, 0)), ("dev", ()), ("", ())],
)
def test_versions_are_read_up_to_the_first_letter(text, number):
    assert parse_version(text) == number


def test_the_table_is_consistent():
    assert set(itertools.chain(*AUTO_ORDER.values())) <= set(KERNEL_NAMES)
    assert SAGE3 not in itertools.chain(*AUTO_ORDER.values())
    for kernel in TABLE:
        assert kernel.package
        assert kernel.function
        assert kernel.install
        assert (kernel.tolerance is not None) == (kernel.name == TRITON), "stated where it was measured"
        assert kernel.archs
    for arch in {arch for kernel in TABLE for arch in kernel.archs}:
        for name in KERNEL_NAMES:
            generations = [row for row in rows(name) if arch in row.archs]
            spans = [(row.min_version, row.below_version or (99,)) for row in generations]
            assert all(a[1] <= b[0] or b[1] <= a[0] for a, b in itertools.combinations(spans, 2)), (arch, name)
    assert COMFY.mask is MaskSupport.HONOURED


def test_comfyuis_own_attention_needs_nothing_and_takes_every_call():
    odd = CallShape(q_len=1, kv_len=3, heads=4, kv_heads=2, head_dim=7, dtype="float64", on_cuda=False, causal=True)
    assert machine_obstacle(COMFY, Capabilities()) is None
    assert call_obstacle(COMFY, odd) is None
    for kernel in TABLE:
        assert call_obstacle(kernel, odd) == "not on CUDA"


def test_what_a_kernel_needs_is_said_in_words():
    said = {kernel.function or kernel.name: requirements(kernel) for kernel in (*TABLE, *EXACT_TABLE)}
    assert said["sageattn"] == "sageattention 1.0 or newer, older than 2.0, a GPU of sm80, sm86, sm87, sm89, sm90"
    assert said["_scaled_dot_product_flash_attention_for_cpu"] == "torch"
    assert said["_scaled_dot_product_efficient_attention"] == "torch, an NVIDIA GPU"
