from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.latent_ops.kinds import LatentError
from audio_loop.latent_ops.statistics import match_statistics


def noise(*shape, scale=1.0, shift=0.0, dtype=torch.float32):
    return {"samples": (torch.randn(*shape) * scale + shift).to(dtype)}


def test_each_channel_gets_the_references_mean_and_spread():
    latent, reference = noise(2, 5, 4, 6, 7, scale=3, shift=2), noise(2, 5, 3, 4, 4, scale=0.5, shift=-1)
    matched = match_statistics(latent, reference)["samples"]
    for axis in (torch.mean, torch.std):
        options = {} if axis is torch.mean else {"correction": 0}
        assert torch.allclose(
            axis(matched, dim=(2, 3, 4), **options), axis(reference["samples"], dim=(2, 3, 4), **options), atol=1e-5
        )


def test_per_frame_uses_the_frame_of_the_same_number_or_the_only_one():
    latent, reference = noise(1, 3, 4, 5, 5), noise(1, 3, 4, 5, 5, scale=2, shift=1)
    matched = match_statistics(latent, reference, per_frame=True)["samples"]
    assert torch.allclose(matched.mean((3, 4)), reference["samples"].mean((3, 4)), atol=1e-5)
    one = {"samples": reference["samples"][:, :, :1]}
    matched = match_statistics(latent, one, per_frame=True)["samples"]
    assert torch.allclose(matched.mean((3, 4)), one["samples"].mean((3, 4)).expand(-1, -1, 4), atol=1e-5)


@given(st.floats(0, 1))
def test_a_latent_matched_to_itself_is_itself(factor):
    latent = noise(1, 3, 2, 4, 4)
    assert torch.allclose(match_statistics(latent, latent, factor)["samples"], latent["samples"], atol=1e-5)


def test_factor_zero_changes_nothing_and_half_goes_half_way():
    latent, reference = noise(1, 3, 2, 4, 4), noise(1, 3, 2, 4, 4, shift=5)
    assert torch.equal(match_statistics(latent, reference, 0.0)["samples"], latent["samples"])
    whole, half = (match_statistics(latent, reference, factor)["samples"] for factor in (1.0, 0.5))
    assert torch.allclose(half, (whole + latent["samples"]) / 2, atol=1e-5)


def test_a_constant_channel_is_shifted_and_stays_finite():
    latent = {"samples": torch.full((1, 3, 2, 4, 4), 7.0)}
    matched = match_statistics(latent, noise(1, 3, 2, 4, 4))["samples"]
    assert torch.isfinite(matched).all()
    assert matched.std(dim=(2, 3, 4)).max() < 1e-5


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_dtype_mask_and_keys_stay(dtype):
    mask = torch.zeros(1, 1, 2, 1, 1)
    latent = {**noise(1, 3, 2, 4, 4, dtype=dtype), "noise_mask": mask, "type": "x"}
    matched = match_statistics(latent, noise(1, 3, 2, 4, 4))
    assert matched["samples"].dtype == dtype
    assert matched["noise_mask"] is mask
    assert matched["type"] == "x"


def test_refusals(nested_class):
    latent = noise(1, 3, 2, 4, 4)
    for factor in (-0.1, 1.1, float("nan")):
        with pytest.raises(LatentError, match="between 0"):
            match_statistics(latent, latent, factor)
    with pytest.raises(LatentError, match=r"\(1, 4, 2, 4, 4\) does not fit latent of shape \(1, 3, 2, 4, 4\)"):
        match_statistics(latent, noise(1, 4, 2, 4, 4))
    with pytest.raises(LatentError, match=r"\(2, 3, 2, 4, 4\) does not fit"):
        match_statistics(latent, noise(2, 3, 2, 4, 4))
    with pytest.raises(LatentError, match="per frame the lengths"):
        match_statistics(latent, noise(1, 3, 3, 4, 4), per_frame=True)
    with pytest.raises(LatentError, match="LTXVSeparateAVLatent"):
        match_statistics({"samples": nested_class([latent["samples"], torch.zeros(1, 8, 9, 16)])}, latent)
