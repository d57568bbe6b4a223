from __future__ import annotations

import pytest
import torch

from audio_loop.attention import option_keys
from audio_loop.attention.nag import GuidanceError, apply_nag, normalized_guidance

from .nag_reference import install_reference, project, reference_guidance


def assert_same(got, expected, tolerance=1e-5):
    for stream, reference in zip(got, expected, strict=True):
        assert (stream - reference).abs().max().item() <= tolerance


def differs(got, expected):
    return [bool((a - b).abs().max() > 1e-3) for a, b in zip(got, expected, strict=True)]


@pytest.mark.parametrize("tau", [0.5, 1.0, 2.5, 100.0])
def test_formula(tau):
    generator = torch.Generator().manual_seed(1)
    positive, negative = torch.randn(2, 3, 7, 64, generator=generator).unbind()
    kept = positive.clone(), negative.clone()

    got = normalized_guidance(positive, negative, 11.0, 0.25, tau)

    torch.testing.assert_close(got, reference_guidance(positive, negative, 11.0, 0.25, tau), atol=1e-5, rtol=1e-5)
    assert torch.equal(positive, kept[0])
    assert torch.equal(negative, kept[1])


def test_formula_by_hand():
    positive, negative = torch.tensor([[[1.0, 1.0]]]), torch.tensor([[[0.0, 2.0]]])
    # guided = 3 * (1, 1) - 2 * (0, 2) = (3, -1); norm 4 against 2 is clipped from 2 to 1.5, so (2.25, -0.75)
    got = normalized_guidance(positive, negative, scale=3.0, alpha=0.5, tau=1.5)
    torch.testing.assert_close(got, torch.tensor([[[1.625, 0.125]]]))


def test_formula_with_nothing_attended_is_finite():
    zero = torch.zeros(1, 2, 4)
    assert torch.equal(normalized_guidance(zero, zero, 11.0, 0.25, 2.5), zero)
    assert normalized_guidance(zero, torch.ones(1, 2, 4), 11.0, 0.25, 2.5).isfinite().all()


@pytest.mark.parametrize(("video", "audio"), [(True, True), (True, False), (False, True)])
def test_equals_the_direct_implementation(tiny_ltx, conditioning, render, video, audio):
    positive = conditioning(1, unprocessed_ltxav_embeds=video)
    negative = conditioning(2, tokens=24, unprocessed_ltxav_embeds=audio)
    reference_model = tiny_ltx()
    reference = install_reference(reference_model, project(reference_model, negative), 11.0, 0.25, 2.5, video, audio)
    expected = render(reference, positive, negative)
    model = tiny_ltx()

    got = render(apply_nag(model, negative, video=video, audio=audio), positive, negative)

    assert_same(got, expected)
    assert any(differs(got, render(model, positive, negative)))


def test_equals_the_direct_implementation_for_a_batch(tiny_ltx, conditioning, render):
    positive, negative = conditioning(1, batch=2), conditioning(2)
    reference_model = tiny_ltx()
    reference = install_reference(reference_model, project(reference_model, negative), 7.0, 0.5, 2.5)
    expected = render(reference, positive, negative, batch=2)

    got = render(apply_nag(tiny_ltx(), negative, 7.0, 0.5), positive, negative, batch=2)

    assert_same(got, expected)


def test_survives_an_offload_and_reload_between_iterations(tiny_ltx, conditioning, render):
    import comfy.model_management as management

    positive, negative = conditioning(1), conditioning(2)
    guided = apply_nag(tiny_ltx(), negative)
    expected = render(guided, positive, negative)
    management.free_memory(1e30, management.get_torch_device())
    assert management.current_loaded_models == []

    assert_same(render(guided, positive, negative), expected, 0.0)


def test_context_left_on_another_device_is_moved_where_a_captured_tensor_fails(tiny_ltx, conditioning, render):
    """`meta` stands for a device that the queries are not on: reading a tensor from there without moving it raises."""
    positive, negative = conditioning(1), conditioning(2)
    model = tiny_ltx()
    guided = apply_nag(model, negative)
    projected = guided.model_options["transformer_options"][option_keys.NAG]
    from audio_loop.attention.nag import ProjectedNegative

    query_place = torch.zeros(1, 16, 96, dtype=torch.float64)
    moved = ProjectedNegative(projected).at(model.model.diffusion_model.double(), query_place)
    assert (moved.device, moved.dtype) == (query_place.device, torch.float64)
    model.model.diffusion_model.float()

    captured = project(model, negative).to("meta")
    stale = install_reference(tiny_ltx(), captured, 11.0, 0.25, 2.5)
    with pytest.raises((RuntimeError, NotImplementedError)):
        render(stale, positive, negative)


def test_a_projection_is_made_once_per_sampling_run(tiny_ltx, conditioning, render, monkeypatch):
    model = tiny_ltx()
    calls = []
    diffusion_model = model.model.diffusion_model
    original = diffusion_model.preprocess_text_embeds

    def counted(context, unprocessed=False):
        calls.append(unprocessed)
        return original(context, unprocessed=unprocessed)

    monkeypatch.setattr(diffusion_model, "preprocess_text_embeds", counted)
    negative = conditioning(2, unprocessed_ltxav_embeds=True)
    render(model, conditioning(1), conditioning(3))
    without = len(calls)
    assert not any(calls)
    calls.clear()

    render(apply_nag(model, negative), conditioning(1), conditioning(3))

    assert len(calls) == without + 1
    assert calls.count(True) == 1


def test_a_second_pass_of_the_negative_prompt_is_not_guided(tiny_ltx, conditioning, render):
    """At cfg above 1 the model also runs on its own negative prompt; guiding that would cancel CFG."""
    positive, negative, other = conditioning(1), conditioning(2), conditioning(3)
    model = tiny_ltx()
    plain = render(model, positive, negative, cfg=1.0, sigmas=[1.0, 0.0])
    plain_negative = render(model, negative, negative, cfg=1.0, sigmas=[1.0, 0.0])
    guided_model = apply_nag(model, other)
    guided = render(guided_model, positive, negative, cfg=1.0, sigmas=[1.0, 0.0])

    got = render(guided_model, positive, negative, cfg=3.0, sigmas=[1.0, 0.0])

    expected = [n + (p - n) * 3.0 for p, n in zip(guided, plain_negative, strict=True)]
    assert_same(got, expected, 2e-5)
    assert any(differs(guided, plain))


def test_a_mask_of_the_positive_prompt_still_hides_its_tokens(tiny_ltx, conditioning, render):
    negative = conditioning(2)
    mask = torch.ones(1, 16, dtype=torch.long)
    mask[:, 12:] = 0
    masked = conditioning(1, attention_mask=mask)
    guided = apply_nag(tiny_ltx(), negative)

    got = render(guided, masked, negative)

    assert any(differs(got, render(guided, conditioning(1), negative)))
    changed_behind_the_mask = conditioning(1, attention_mask=mask)
    changed_behind_the_mask[0][0][:, 12:] = 5.0
    assert_same(render(guided, changed_behind_the_mask, negative), got)


def test_a_foreign_override_that_takes_over_leaves_the_render_unguided(tiny_ltx, conditioning, render):
    """Somebody else's override in front of ours sees the mask, so the appended prompt does no harm."""
    positive, negative = conditioning(1), conditioning(2)
    model = tiny_ltx()
    guided = apply_nag(model, negative)

    def ignoring_override(executor, x, timestep, context, mask, rate, options, *args, **kwargs):
        options = {key: value for key, value in options.items() if key != option_keys.OVERRIDE}
        return executor(x, timestep, context, mask, rate, options, *args, **kwargs)

    wrappers = guided.model_options["transformer_options"]["wrappers"]["diffusion_model"]
    wrappers["later"] = [ignoring_override]

    assert_same(render(guided, positive, negative), render(model, positive, negative))


@pytest.mark.parametrize("off", [{"nag_scale": 0.0}, {"nag_alpha": 0.0}, {"video": False, "audio": False}])
def test_off_gives_the_model_back(tiny_ltx, conditioning, off):
    model = tiny_ltx()
    assert apply_nag(model, conditioning(2), **off) is model


def test_same_prompt_as_negative_changes_nothing(tiny_ltx, conditioning, render):
    model, prompt = tiny_ltx(), conditioning(1)
    assert_same(render(apply_nag(model, prompt), prompt, prompt), render(model, prompt, prompt))


def test_the_original_keeps_no_trace(tiny_ltx, conditioning, render):
    model = tiny_ltx()
    positive, negative = conditioning(1), conditioning(2)
    before = render(model, positive, negative)
    embedding = negative[0][0].clone()
    guided = apply_nag(model, negative)
    render(guided, positive, negative)

    assert model.model_options == {"transformer_options": {}}
    assert torch.equal(negative[0][0], embedding)
    assert_same(render(model, positive, negative), before, 0.0)
    assert guided.model is model.model
    assert guided.object_patches == {}
    assert set(guided.model_options["transformer_options"]) == {option_keys.NAG, "wrappers"}


def test_a_second_node_takes_the_place_of_the_first(tiny_ltx, conditioning, render):
    model = tiny_ltx()
    positive, negative = conditioning(1), conditioning(2)
    once = render(apply_nag(model, negative, nag_scale=5.0), positive, negative)

    twice = render(apply_nag(apply_nag(model, conditioning(3)), negative, nag_scale=5.0), positive, negative)

    assert_same(twice, once, 0.0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"nag_scale": -1.0}, r"nag_scale is -1\.0"),
        ({"nag_alpha": 1.5}, r"nag_alpha is 1\.5; it must lie between 0"),
        ({"nag_tau": 0.0}, r"nag_tau is 0\.0; it must be above 0"),
    ],
)
def test_settings_out_of_range_are_refused(tiny_ltx, conditioning, settings, message):
    with pytest.raises(GuidanceError, match=message):
        apply_nag(tiny_ltx(), conditioning(2), **settings)


def test_several_prompts_and_foreign_widths_are_refused(tiny_ltx, conditioning, render):
    with pytest.raises(GuidanceError, match="has 2 entries"):
        apply_nag(tiny_ltx(), conditioning(2) + conditioning(3))
    other_encoder = [[torch.randn(1, 16, 80), {}]]
    with pytest.raises((GuidanceError, RuntimeError)):
        render(apply_nag(tiny_ltx(), other_encoder), conditioning(1), conditioning(1))


def test_other_models_are_refused(comfy_on_cpu, conditioning):
    from comfy.model_patcher import ModelPatcher

    class Other(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.diffusion_model = torch.nn.Linear(2, 2)

    patcher = ModelPatcher(Other(), load_device=torch.device("cpu"), offload_device=torch.device("cpu"))
    with pytest.raises(GuidanceError, match="Linear is not an LTX model"):
        apply_nag(patcher, conditioning(2))
