from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.latent_ops.crossfade import crossfade
from audio_loop.latent_ops.fade import CURVES, fade, fade_weights
from audio_loop.latent_ops.kinds import LatentError


def constant(value, frames, dtype=torch.float32):
    return {"samples": torch.full((1, 4, frames, 2, 2), value, dtype=dtype)}


def frames_of(latent):
    return latent["samples"][0, 0, :, 0, 0].tolist()


def test_by_hand():
    assert frames_of(crossfade(constant(0.0, 3), constant(4.0, 4), 3)) == [1.0, 2.0, 3.0, 4.0]
    # Smoothstep of 1/4, 1/2, 3/4 is 5/32, 1/2, 27/32.
    assert frames_of(crossfade(constant(0.0, 4), constant(32.0, 3), 3, "smooth")) == [0.0, 5.0, 16.0, 27.0]
    assert frames_of(crossfade(constant(0.0, 2), constant(2.0, 2), 1)) == [0.0, 1.0, 2.0]


@given(frames=st.integers(1, 40), curve=st.sampled_from(sorted(CURVES)))
def test_weights_rise_strictly_inside_and_are_symmetric(frames, curve):
    weights = fade_weights(frames, curve)
    assert weights.min() > 0
    assert weights.max() < 1
    assert (weights.diff() > 0).all()
    assert torch.allclose(weights + weights.flip(0), torch.ones(frames), atol=1e-6)


@given(
    total=st.integers(2, 20),
    data=st.data(),
    curve=st.sampled_from(sorted(CURVES)),
    dtype=st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16]),
)
def test_crossfade_of_equal_frames_is_identity(total, data, curve, dtype):
    overlap = data.draw(st.integers(1, total - 1))
    middle = data.draw(st.integers(overlap, total))
    whole = torch.randn(1, 4, total, 2, 2, dtype=torch.float64).to(dtype)
    previous, latent = {"samples": whole[:, :, :middle]}, {"samples": whole[:, :, middle - overlap :]}
    joined = crossfade(previous, latent, overlap, curve)["samples"]
    assert joined.dtype == dtype
    assert torch.equal(joined, whole)


def test_a_joint_latent_fades_its_audio_over_the_same_time(nested_class):
    def window(value):
        return {"samples": nested_class([torch.full((1, 4, 9, 2, 2), value), torch.full((1, 8, 65, 16), value)])}

    video, audio = crossfade(window(0.0), window(1.0), 3)["samples"].unbind()
    assert video.shape[2] == 15
    # A window is 65 px and 65 audio latents; 3 latents are 17 px.
    assert audio.shape[2] == 65 + 65 - 17
    assert torch.allclose(audio[0, 0, 48:65, 0], torch.arange(1, 18) / 18)


def test_masks_do_not_survive():
    previous = {**constant(0.0, 3), "noise_mask": torch.ones(1, 1, 3, 1, 1), "type": "x"}
    assert crossfade(previous, constant(1.0, 3), 2).keys() == {"samples", "type"}


def test_refusals():
    with pytest.raises(LatentError, match=r"'cubic' is not known; use one of linear, smooth"):
        crossfade(constant(0.0, 3), constant(0.0, 3), 1, "cubic")
    with pytest.raises(LatentError, match=r"at most 3"):
        crossfade(constant(0.0, 3), constant(0.0, 9), 4)
    with pytest.raises(LatentError, match=r"\(1, 4, 3, 2, 2\) has 3 frames"):
        crossfade(constant(0.0, 9), constant(0.0, 3), 4)
    with pytest.raises(LatentError, match=r"overlap_frames is 0"):
        crossfade(constant(0.0, 3), constant(0.0, 3), 0)
    with pytest.raises(LatentError, match=r"\(1, 4, 8, 8\), which has no time axis"):
        crossfade({"samples": torch.zeros(1, 4, 8, 8)}, constant(0.0, 3), 1)
    with pytest.raises(LatentError, match=r"\(1, 4, 3, 2, 3\) cannot be joined to part 1 of shape \(1, 4, 3, 2, 2\)"):
        crossfade(constant(0.0, 3), {"samples": torch.zeros(1, 4, 3, 2, 3)}, 1)
    with pytest.raises(LatentError, match=r"\(2, 3\) cannot fade into \(2, 4\)"):
        fade(torch.zeros(2, 3), torch.zeros(2, 4), 0, "linear")
    with pytest.raises(LatentError, match="over 0 frames"):
        fade_weights(0, "linear")


def test_a_curve_that_nobody_knows_is_refused_with_those_that_there_are():
    with pytest.raises(LatentError, match="the curve 'steep' is not known; use one of linear, smooth"):
        fade_weights(3, "steep")
    with pytest.raises(LatentError, match="a fade over 0 frames is no fade"):
        fade_weights(0, "linear")
