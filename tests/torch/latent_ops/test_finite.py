"""Values that are not finite are found in every form that travels along a wire, and nothing else is."""

from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.finite import conditioning_not_finite, not_finite

NAN, INF = float("nan"), float("inf")


def spoilt(value, dtype=torch.float32, count=1):
    tensor = torch.zeros(2, 3, 4)
    tensor.view(-1)[5 : 5 + count] = value
    return tensor.to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize(
    ("value", "said"),
    [(NAN, "1 of 24 values is NaN"), (INF, "1 of 24 values is Inf"), (-INF, "1 of 24 values is Inf"), (0.0, "")],
)
def test_one_value_is_found_in_every_type(dtype, value, said):
    assert not_finite({"samples": spoilt(value, dtype)}) == said


def test_eight_bit_floats_are_looked_at():
    assert not_finite(spoilt(NAN, torch.float8_e4m3fn)) == "1 of 24 values is NaN"
    assert not_finite(spoilt(1.0, torch.float8_e5m2)) == ""


@pytest.mark.parametrize("largest", [torch.finfo(torch.float16).max, torch.finfo(torch.float32).max, 1e-45, -0.0])
def test_extreme_values_are_finite(largest):
    assert not_finite(torch.tensor([largest])) == ""


def test_both_kinds_are_counted_over_all_parts(nested_class):
    nested = nested_class([spoilt(NAN, count=2), spoilt(-INF, count=3)])
    latent = {"samples": nested, "noise_mask": torch.zeros(4), "type": "audio", "downscale": [1.0, None]}
    assert not_finite(latent) == "2 of 52 values are NaN, 3 of 52 values are Inf"


@pytest.mark.parametrize(
    "value", [None, 7, "nan", {}, [], object(), torch.zeros(0), torch.ones(3, dtype=torch.bool), torch.arange(4)]
)
def test_what_holds_no_floats_is_finite(value):
    assert not_finite(value) == ""


def test_of_a_conditioning_the_texts_count_and_masks_do_not():
    mask = torch.full((1, 4), -INF)
    assert conditioning_not_finite([[torch.zeros(1, 4, 2), {"attention_mask": mask}]]) == ""
    assert conditioning_not_finite([[torch.zeros(1, 4, 2), {}], [spoilt(NAN), {}]]) == "1 of 32 values is NaN"
    for nothing in (None, [], [[]], "text"):
        assert conditioning_not_finite(nothing) == ""
