from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.latent_ops.conditioning import MUST_BE_EQUAL, ConditioningError, blend_conditioning


def entry(tokens, **extra):
    return [tokens, {"frame_rate": 25.0, **extra}]


def ones(batch=1, length=3, width=2, value=1.0, dtype=torch.float32):
    return torch.full((batch, length, width), value, dtype=dtype)


@given(factor=st.floats(0.01, 0.99), length=st.integers(1, 9))
def test_equal_lengths_are_mixed_token_by_token(factor, length):
    a, b = torch.randn(1, length, 4), torch.randn(1, length, 4)
    blended = blend_conditioning([entry(a)], [entry(b)], factor)
    assert torch.allclose(blended[0][0], (1 - factor) * a + factor * b, atol=1e-6)
    assert blended[0][1] == {"frame_rate": 25.0}


def test_at_zero_and_one_the_argument_comes_back():
    a, b = [entry(ones())], [entry(ones(length=7)), entry(ones())]
    assert blend_conditioning(a, b, 0.0) is a
    assert blend_conditioning(a, b, 1.0) is b


@given(factor=st.floats(0.01, 0.99))
def test_of_two_equal_sides_nothing_changes(factor):
    tokens = torch.randn(2, 5, 4)
    extra = {"attention_mask": torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 0, 0]]), "pooled_output": torch.randn(2, 4)}
    masked = tokens * extra["attention_mask"][..., None]
    blended = blend_conditioning([entry(tokens, **extra)], [entry(tokens.clone(), **extra)], factor)
    assert torch.equal(blended[0][0], masked)
    assert torch.equal(blended[0][1]["attention_mask"], extra["attention_mask"])
    assert torch.equal(blended[0][1]["pooled_output"], extra["pooled_output"])


@pytest.mark.parametrize("shorter_first", [True, False])
def test_the_shorter_side_counts_as_zeros_behind_its_end(shorter_first):
    short, long = [entry(ones(length=2, value=4.0))], [entry(ones(length=4, value=8.0))]
    sides = (short, long) if shorter_first else (long, short)
    blended = blend_conditioning(*sides, 0.25)
    weight_short = 0.75 if shorter_first else 0.25
    both = weight_short * 4 + (1 - weight_short) * 8
    assert blended[0][0][0, :, 0].tolist() == [both, both, (1 - weight_short) * 8, (1 - weight_short) * 8]
    # The longer side's tokens are all real, and LTX's embeddings would not fit a mask: none is made.
    assert "attention_mask" not in blended[0][1]


def test_a_position_is_masked_only_where_both_sides_mask_it():
    a = [entry(ones(length=3, value=2.0), attention_mask=torch.tensor([[1, 0, 0]]))]
    b = [entry(ones(length=4, value=4.0), attention_mask=torch.tensor([[1, 1, 0, 0]]))]
    blended = blend_conditioning(a, b, 0.5)
    assert blended[0][1]["attention_mask"].tolist() == [[1, 1, 0, 0]]
    assert blended[0][1]["attention_mask"].dtype == torch.int64
    assert blended[0][0][0, :, 0].tolist() == [3.0, 2.0, 0.0, 0.0]


def test_padding_is_masked_where_only_one_side_has_a_mask():
    masked = [entry(ones(length=4), attention_mask=torch.tensor([[1, 1, 1, 0]]))]
    plain = [entry(ones(length=2))]
    for sides in ((masked, plain), (plain, masked)):
        assert blend_conditioning(*sides, 0.5)[0][1]["attention_mask"].tolist() == [[1, 1, 1, 0]]


def test_a_batch_of_one_is_spread_with_its_mask():
    a = [entry(ones(batch=1, length=2), attention_mask=torch.tensor([[1, 0]]), pooled_output=torch.zeros(1, 4))]
    b = [entry(ones(batch=3, length=4), pooled_output=torch.ones(3, 4))]
    for sides in ((a, b), (b, a)):
        blended = blend_conditioning(*sides, 0.5)
        assert blended[0][0].shape == (3, 4, 2)
        assert blended[0][1]["attention_mask"].shape == (3, 4)
        assert torch.equal(blended[0][1]["pooled_output"], torch.full((3, 4), 0.5))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_result_has_the_first_sides_dtype(dtype):
    a, b = [entry(ones(dtype=dtype, length=2))], [entry(ones(dtype=torch.float32, length=5))]
    assert blend_conditioning(a, b, 0.5)[0][0].dtype == dtype


def test_entries_are_paired_in_order():
    a = [entry(ones(value=0.0)), entry(ones(value=10.0))]
    b = [entry(ones(value=2.0)), entry(ones(value=20.0))]
    assert [tokens[0, 0, 0].item() for tokens, _ in blend_conditioning(a, b, 0.5)] == [1.0, 15.0]


def test_one_missing_pooled_output_is_taken_from_the_other():
    pooled = torch.ones(1, 4)
    for sides in (({"pooled_output": None}, {"pooled_output": pooled}), ({"pooled_output": pooled}, {})):
        blended = blend_conditioning([entry(ones(), **sides[0])], [entry(ones(), **sides[1])], 0.5)
        assert torch.equal(blended[0][1]["pooled_output"], pooled)
    blended = blend_conditioning([entry(ones(), pooled_output=None)], [entry(ones(), pooled_output=None)], 0.5)
    assert blended[0][1]["pooled_output"] is None


@pytest.mark.parametrize(("factor", "expected"), [(0.4, "a"), (0.5, "a"), (0.6, "b")])
def test_other_values_come_from_the_heavier_side_and_single_ones_are_kept(factor, expected):
    a = [entry(ones(), style="a", only_a=torch.ones(2), same=torch.ones(3))]
    b = [entry(ones(), style="b", only_b=2, same=torch.ones(3))]
    extra = blend_conditioning(a, b, factor)[0][1]
    assert extra["style"] == expected
    assert extra["only_a"].tolist() == [1, 1]
    assert extra["only_b"] == 2
    assert extra["same"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("key", MUST_BE_EQUAL)
def test_what_says_how_to_read_the_latent_must_be_equal(key):
    a, b = [[ones(), {key: [{"strength": 1.0, "mask": torch.zeros(2)}]}]], [[ones(), {key: [{"strength": 0.5}]}]]
    with pytest.raises(ConditioningError, match=f"entry 1: {key} is .* it must be equal"):
        blend_conditioning(a, b, 0.5)
    assert key in blend_conditioning(a, [[ones(), {key: [{"strength": 1.0, "mask": torch.zeros(2)}]}]], 0.5)[0][1]


def test_frame_rates_are_named():
    with pytest.raises(ConditioningError, match=r"frame_rate is 25\.0 on one side and 24\.0 on the other"):
        blend_conditioning([entry(ones())], [[ones(), {"frame_rate": 24.0}]], 0.5)


@pytest.mark.parametrize("factor", [-0.01, 1.01, float("nan"), float("inf")])
def test_the_factor_is_a_weight(factor):
    with pytest.raises(ConditioningError, match=r"blend factor .* is not between"):
        blend_conditioning([entry(ones())], [entry(ones())], factor)


def test_what_cannot_be_blended_is_refused_with_the_shapes():
    with pytest.raises(ConditioningError, match="2 entries cannot be blended with one of 1"):
        blend_conditioning([entry(ones()), entry(ones())], [entry(ones())], 0.5)
    with pytest.raises(ConditioningError, match=r"\(1, 3, 2\) and \(1, 3, 5\)"):
        blend_conditioning([entry(ones())], [entry(ones(width=5))], 0.5)
    with pytest.raises(ConditioningError, match="batches of 2 and 3"):
        blend_conditioning([entry(ones(batch=2))], [entry(ones(batch=3))], 0.5)
    with pytest.raises(ConditioningError, match=r"attention_mask of shape \(1, 4\) .* tokens of shape \(1, 3, 2\)"):
        blend_conditioning([entry(ones(), attention_mask=torch.ones(1, 4, dtype=torch.int64))], [entry(ones())], 0.5)
    with pytest.raises(ConditioningError, match=r"type torch.float32"):
        blend_conditioning([entry(ones(), attention_mask=torch.ones(1, 3))], [entry(ones())], 0.5)
    with pytest.raises(ConditioningError, match=r"pooled_output of shape \(1, 4\) and \(1, 5\)"):
        blend_conditioning(
            [entry(ones(), pooled_output=torch.ones(1, 4))], [entry(ones(), pooled_output=torch.ones(1, 5))], 0.5
        )


@pytest.mark.parametrize(("factor", "side"), [(0.4, 0), (0.6, 1)])
def test_what_is_a_tensor_on_one_side_alone_is_taken_from_the_nearer_one(factor, side):
    values = torch.ones(2), [1.0, 1.0]
    blended = blend_conditioning(*([entry(ones(), area=value)] for value in values), factor)
    assert blended[0][1]["area"] is values[side]
    key = sorted(MUST_BE_EQUAL)[0]
    with pytest.raises(ConditioningError, match=f"{key} is .* must be equal"):
        blend_conditioning([[ones(), {key: torch.ones(2)}]], [[ones(), {key: [1.0, 1.0]}]], factor)
