from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.per_step_statistics import StatisticsMatchError, apply_per_step_match, new_frames


def latent(seed, frames=3, batch=1, scale=3.0, shift=1.0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(batch, 128, frames, 2, 2, generator=generator) * scale + shift


def moments(video):
    return video.mean(dim=(2, 3, 4)), video.std(dim=(2, 3, 4), correction=0)


def matched(video, reference, factor):
    """The formula, spelled out per channel."""
    mean, std = (m[:, :, None, None, None] for m in moments(video))
    reference_mean, reference_std = (m[:, :, None, None, None] for m in moments(reference))
    return (1 - factor) * video + factor * ((video - mean) / std * reference_std + reference_mean)


ONE_STEP = [1.0, 0.0]


@pytest.mark.parametrize("factor", [0.25, 1.0])
def test_the_predicted_video_gets_the_references_statistics_and_sound_stays(tiny_ltx, conditioning, render, factor):
    model, reference = tiny_ltx(), latent(5)
    video, audio = render(model, conditioning(1), [], sigmas=ONE_STEP)

    got = render(apply_per_step_match(model, {"samples": reference}, factor), conditioning(1), [], sigmas=ONE_STEP)

    torch.testing.assert_close(got[0], matched(video, reference, factor), atol=1e-4, rtol=1e-4)
    assert torch.equal(got[1], audio)


def test_it_acts_at_each_step(tiny_ltx, conditioning, render):
    model, reference = tiny_ltx(), latent(5)
    last_only = apply_per_step_match(model, {"samples": reference}, 1.0, start_percent=0.9)
    every = apply_per_step_match(model, {"samples": reference}, 1.0)
    a = render(every, conditioning(1), [], sigmas=[1.0, 0.2, 0.0])[0]
    b = render(last_only, conditioning(1), [], sigmas=[1.0, 0.2, 0.0])[0]
    for video in (a, b):
        torch.testing.assert_close(moments(video)[0], moments(reference)[0], atol=1e-3, rtol=1e-3)
    assert (a - b).abs().max() > 1e-3


def test_outside_its_range_nothing_happens(tiny_ltx, conditioning, render):
    model, reference = tiny_ltx(), {"samples": latent(5)}
    plain = render(model, conditioning(1), [], sigmas=ONE_STEP)
    late = render(apply_per_step_match(model, reference, 1.0, 0.5, 1.0), conditioning(1), [], sigmas=ONE_STEP)
    early = render(apply_per_step_match(model, reference, 1.0, 0.0, 0.5), conditioning(1), [], sigmas=ONE_STEP)
    assert torch.equal(late[0], plain[0])
    assert not torch.equal(early[0], plain[0])


def test_context_frames_are_neither_measured_nor_changed(tiny_ltx, conditioning, render):
    model, reference = tiny_ltx(), latent(5)
    mask = torch.ones(1, 1, 3, 1, 1)
    mask[:, :, 0] = 0
    context = latent(9)
    settings = {"sigmas": ONE_STEP, "video_mask": mask, "video": context}
    plain = render(model, conditioning(1), [], **settings)[0]

    got = render(apply_per_step_match(model, {"samples": reference}, 1.0), conditioning(1), [], **settings)[0]

    torch.testing.assert_close(got[:, :, 0], context[:, :, 0], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(got[:, :, 1:], matched(plain[:, :, 1:], reference, 1.0), atol=1e-4, rtol=1e-4)


def test_appended_guides_are_neither_measured_nor_changed(tiny_ltx, conditioning, render):
    model, reference = tiny_ltx(), latent(5)
    # one guide frame of 2 x 2 tokens, (batch, [t, h, w], token, [start, end])
    positions = torch.zeros(1, 3, 4, 2)
    positions[..., 1] = 1.0
    positive = conditioning(1, keyframe_idxs=positions)
    mask = torch.ones(1, 1, 3, 1, 1)
    mask[:, :, 2] = 0.3
    settings = {"sigmas": ONE_STEP, "video_mask": mask, "video": latent(9)}
    plain = render(model, positive, [], **settings)[0]

    got = render(apply_per_step_match(model, {"samples": reference}, 1.0), positive, [], **settings)[0]

    assert torch.equal(got[:, :, 2], plain[:, :, 2])
    torch.testing.assert_close(got[:, :, :2], matched(plain[:, :, :2], reference, 1.0), atol=1e-4, rtol=1e-4)


def test_nothing_but_context_is_left_alone(tiny_ltx, conditioning, render):
    settings = {"sigmas": ONE_STEP, "video_mask": torch.zeros(1, 1, 3, 1, 1), "video": latent(9)}
    got = render(apply_per_step_match(tiny_ltx(), {"samples": latent(5)}, 1.0), conditioning(1), [], **settings)[0]
    torch.testing.assert_close(got, latent(9), atol=1e-5, rtol=1e-5)


def test_which_frames_count():
    video = torch.zeros(2, 128, 5, 2, 3)
    assert new_frames({}, video).tolist() == [True] * 5
    # A mask of another form says nothing of frames.
    assert new_frames({"denoise_mask": torch.zeros(2, 1, 5)}, video).tolist() == [True] * 5
    mask = torch.ones(2, 1, 5, 2, 3)
    mask[:, :, :2] = 0
    mask[0, 0, 1, 1, 1] = 0.1  # one pixel of one sample is being made
    told = {"denoise_mask": mask, "keyframe_idxs": torch.zeros(1, 3, 6, 2)}
    assert new_frames(told, video).tolist() == [False, True, True, True, False]


def test_a_nested_reference_gives_its_video(tiny_ltx, conditioning, render):
    from comfy.nested_tensor import NestedTensor

    model, video = tiny_ltx(), latent(5)
    nested = {"samples": NestedTensor([video, torch.zeros(1, 8, 4, 16)])}
    a = render(apply_per_step_match(model, nested, 1.0), conditioning(1), [], sigmas=ONE_STEP)[0]
    b = render(apply_per_step_match(model, {"samples": video}, 1.0), conditioning(1), [], sigmas=ONE_STEP)[0]
    assert torch.equal(a, b)


def test_the_original_and_the_reference_stay_as_they_are(tiny_ltx, conditioning, render):
    model, reference = tiny_ltx(), {"samples": latent(5)}
    patched = apply_per_step_match(model, reference, 1.0)
    first = render(patched, conditioning(1), [])
    assert model.model_options == {"transformer_options": {}}
    assert torch.equal(reference["samples"], latent(5))
    again = render(patched, conditioning(1), [])
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    reference["samples"].zero_()
    after = render(patched, conditioning(1), [])
    assert all(torch.equal(a, b) for a, b in zip(first, after, strict=True))
    assert apply_per_step_match(model, {"samples": latent(5)}, 0.0) is model


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({"samples": latent(5)}, 1.5), r"factor is 1\.5; it must lie between 0"),
        (({"samples": latent(5)}, 1.0, 0.8, 0.2), r"the range is 0\.8 to 0\.2; it must run upwards"),
        (({"samples": latent(5)}, 1.0, -0.1, 0.2), r"the range is -0\.1 to 0\.2; it must run upwards between 0 and 1"),
        (({"samples": torch.zeros(1, 128, 4, 4)}, 1.0), r"shape \(1, 128, 4, 4\).*5 axes"),
        (({"samples": torch.zeros(1, 16, 2, 4, 4)}, 1.0), r"16 channels, this model 128"),
    ],
)
def test_what_cannot_work_is_refused(tiny_ltx, arguments, message):
    with pytest.raises(StatisticsMatchError, match=message):
        apply_per_step_match(tiny_ltx(), *arguments)
