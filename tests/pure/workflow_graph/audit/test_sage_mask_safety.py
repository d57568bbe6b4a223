from __future__ import annotations

import pytest

RULE = "sage_mask_safety"


def disable(graph):
    graph.node(268).widgets["sage_attention"] = "disabled"


@pytest.mark.parametrize("kernel", ["disabled", "sageattn_qk_int8_pv_fp16_triton"])
def test_clean(check_clean, classic, kernel):
    check_clean(RULE, classic(sage=kernel))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize("kernel", ["auto", "sageattn_qk_int8_pv_fp8_cuda", "sageattn3"])
def test_kernels_without_masks_are_found(check_finds, classic, kernel):
    check_finds(RULE, classic(sage=kernel), f"node 268 .*sage_attention is {kernel}", severity="WARN")


def test_a_bypassed_patch_does_nothing(check_clean, classic):
    check_clean(RULE, classic(lambda graph: graph.bypass(graph.node(268)), sage="auto"))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(sage="auto"), disable)


def test_a_patch_that_reaches_no_sampler_is_clean(check_clean):
    patch = {"class_type": "PathchSageAttentionKJ", "inputs": {"sage_attention": "auto", "model": ["1", 0]}}
    check_clean(RULE, {"2": patch})
