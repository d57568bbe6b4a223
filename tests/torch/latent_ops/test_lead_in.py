"""LTX 2.5 marks the latent at time 0 as a single picture: with a lead-in that is one the model makes, never a carried one."""

from __future__ import annotations

import json

import pytest
import torch

from audio_loop.latent_ops.guide import append_guide
from audio_loop.latent_ops.retake_window import put_back, retake_window
from audio_loop.latent_ops.window import window_latent
from audio_loop.loop_control.model_facts import ModelFacts
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import span_of_seconds

TOKENS = 4
"""Of a latent of 2 x 2."""
SIGMAS = [1.0, 0.5, 0.0]


@pytest.fixture
def model(comfy_on_cpu):
    """A freshly loaded ModelPatcher of the tiny LTX 2.5."""
    import comfy.model_management
    import comfy.sd

    from audio_loop.demo.tiny_architecture_25 import TRANSFORMER
    from audio_loop.demo.tiny_ltx25 import transformer_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(transformer_shapes())
    metadata = {"config": json.dumps({"transformer": TRANSFORMER})}
    yield comfy.sd.load_diffusion_model_state_dict(weights, model_options={"dtype": torch.float32}, metadata=metadata)
    comfy.model_management.current_loaded_models.clear()


@pytest.fixture
def marked(model, monkeypatch):
    """`marked()`: for each latent that was sampled, guides among them, whether the model marked all of its tokens."""
    network, seen = model.model.diffusion_model, []
    mask_of = network.keyframes_abs_pos_mask

    def watched(*args, **kwargs):
        mask = mask_of(*args, **kwargs)
        seen.append(mask[0].view(-1, TOKENS).all(dim=1).tolist())
        return mask

    monkeypatch.setattr(network, "keyframes_abs_pos_mask", watched)
    return lambda: seen[-1]


def window(lead_in):
    generator = torch.Generator().manual_seed(3)
    context = {"samples": torch.randn(1, 128, 2, 2, 2, generator=generator)}
    song = {"samples": torch.zeros(1, 8, 12, 16), "type": "audio"}
    return context, window_latent(context, song, 5, lead_in_latents=lead_in)[0]


def test_the_latent_at_time_0_is_marked_and_it_is_the_lead_in(model, marked, conditioning, render):
    context, video = window(lead_in=1)
    words = conditioning(1, frame_rate=24)
    made, _ = render(model, words, words, frames=5, video=video["samples"], video_mask=video["noise_mask"], sigmas=SIGMAS)
    assert marked() == [True, False, False, False, False]
    assert video["noise_mask"].flatten().tolist() == [1.0, 0.0, 1.0, 1.0, 1.0]
    assert torch.allclose(made[:, :, 1], context["samples"][:, :, 1], atol=1e-5)
    assert made[:, :, 0].abs().max() > 0


def test_without_one_it_is_the_carried_latent(model, marked, conditioning, render):
    context, video = window(lead_in=0)
    words = conditioning(1, frame_rate=24)
    made, _ = render(model, words, words, frames=5, video=video["samples"], video_mask=video["noise_mask"], sigmas=SIGMAS)
    assert marked() == [True, False, False, False, False]
    assert torch.allclose(made[:, :, :2], context["samples"], atol=1e-5)


def test_a_guide_is_never_marked_whatever_its_place(model, marked, conditioning, render):
    _, video = window(lead_in=1)
    words = conditioning(1, frame_rate=24)
    guide = {"samples": torch.ones(1, 128, 1, 2, 2)}
    for place in (-8, 0):
        positive, negative, guided = append_guide(words, words, video, guide, place)
        given = {"video": guided["samples"], "video_mask": guided["noise_mask"], "sigmas": SIGMAS}
        render(model, positive, negative, frames=6, **given)
        assert marked() == [True, False, False, False, False, False]


@pytest.mark.parametrize(("lead_in", "seconds", "first_kept"), [(1, (30, 33), 1), (0, (30, 33), 0), (1, (0.5, 3), 0)])
def test_a_retake_has_a_lead_in_too_and_gives_the_old_latent_back(lead_in, seconds, first_kept):
    plan = make_plan(
        audio_samples=60_000,
        sample_rate=1000,
        window_seconds=19.88,
        overlap_seconds=2,
        fps=24,
        model=ModelFacts(lead_in_latents=lead_in),
    )
    generator = torch.Generator().manual_seed(5)
    whole = {"samples": torch.randn(1, 128, 181, 1, 1, generator=generator)}
    song = {"samples": torch.zeros(1, 8, 1600, 16), "type": "audio"}
    span = span_of_seconds(plan, 181, *seconds)
    window, _ = retake_window(whole, song, span)
    mask = window["noise_mask"].flatten()
    assert int((mask == 0).nonzero()[0]) == first_kept
    assert mask[first_kept] == 0.0
    sampled = {"samples": torch.randn(window["samples"].shape, generator=generator)}
    back = put_back(whole, sampled, span)["samples"]
    first, stop = span.changed
    assert torch.equal(back[:, :, :first], whole["samples"][:, :, :first])
    assert torch.equal(back[:, :, stop:], whole["samples"][:, :, stop:])
    assert not torch.equal(back[:, :, span.start : span.stop], whole["samples"][:, :, span.start : span.stop])
