"""What the pack reads while ComfyUI samples: there in this ComfyUI; gone, one warning, and the render goes on without."""

from __future__ import annotations

import re

import pytest
import torch

from audio_loop.attention import option_keys
from audio_loop.attention.nag import GuidanceError, apply_nag
from audio_loop.attention.override import record_render
from audio_loop.attention.tracing import stamp_iteration
from audio_loop.latent_ops.per_step_statistics import apply_per_step_match

from ...hidden_symbols import hidden_by
from ...renaming import hide_place, renamed


def same(a, b):
    return all(torch.equal(one, other) for one, other in zip(a, b, strict=True))


def test_nag_finds_what_it_needs(tiny_ltx, conditioning, render, missed):
    model = tiny_ltx()
    assert not same(render(apply_nag(model, conditioning(2)), conditioning(1), []), render(model, conditioning(1), []))
    assert missed() == []


@pytest.mark.parametrize("name", ["x", "attention_mask", "context", "transformer_options"])
def test_a_pass_with_another_argument_is_not_guided(tiny_ltx, conditioning, render, missed, monkeypatch, name):
    from comfy.ldm.lightricks.model import LTXBaseModel

    model = tiny_ltx()
    expected = render(model, conditioning(1), [])
    monkeypatch.setattr(LTXBaseModel, "_forward", renamed(LTXBaseModel._forward, **{name: f"{name}_of_later"}))

    got = render(apply_nag(model, conditioning(2)), conditioning(1), [])

    assert same(got, expected)
    (text,) = missed()
    assert re.search(rf"arguments of a pass through LTX in ComfyUI \S+ \({name} not among x\w*, timestep", text)
    assert "no effect" in text


def test_a_pass_whose_arguments_have_another_order_is_guided_all_the_same(tiny_ltx, conditioning, render, missed, monkeypatch):
    from comfy.ldm.lightricks.model import LTXBaseModel

    expected = render(apply_nag(tiny_ltx(), conditioning(2)), conditioning(1), [])
    forward = LTXBaseModel._forward

    def later(self, x, timestep, frame_rate, context, attention_mask, transformer_options, keyframe_idxs=None, **kwargs):
        return forward(self, x, timestep, context, attention_mask, frame_rate, transformer_options, keyframe_idxs, **kwargs)

    def caller(self, x, timestep, context, attention_mask, frame_rate=25, transformer_options={}, keyframe_idxs=None, **kwargs):  # noqa: B006
        import comfy.patcher_extension as extension

        wrappers = extension.get_all_wrappers(extension.WrappersMP.DIFFUSION_MODEL, transformer_options)
        executor = extension.WrapperExecutor.new_class_executor(self._forward, self, wrappers)
        return executor.execute(x, timestep, frame_rate, context, attention_mask, transformer_options, keyframe_idxs, **kwargs)

    monkeypatch.setattr(LTXBaseModel, "_forward", later)
    monkeypatch.setattr(LTXBaseModel, "forward", caller)

    got = render(apply_nag(tiny_ltx(), conditioning(2)), conditioning(1), [])

    assert same(got, expected)
    assert missed() == []


def test_a_function_of_another_pack_around_the_model_does_not_stop_guidance(tiny_ltx, conditioning, render, missed):
    expected = render(apply_nag(tiny_ltx(), conditioning(2)), conditioning(1), [])
    model = tiny_ltx()
    own = model.model.diffusion_model._forward
    model.model.diffusion_model._forward = lambda *args, **kwargs: own(*args, **kwargs)

    assert same(render(apply_nag(model, conditioning(2)), conditioning(1), []), expected)
    assert missed() == []


def test_a_model_that_hands_on_another_mask_is_not_guided(tiny_ltx, conditioning, render, missed, monkeypatch):
    from comfy.ldm.lightricks.model import LTXBaseModel

    model = tiny_ltx()
    expected = render(model, conditioning(1), [])
    prepare = LTXBaseModel._prepare_attention_mask
    monkeypatch.setattr(
        LTXBaseModel, "_prepare_attention_mask", lambda *args: None if (m := prepare(*args)) is None else m.clone()
    )

    got = render(apply_nag(model, conditioning(2)), conditioning(1), [])

    for one, other in zip(got, expected, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)
    (text,) = missed()
    assert "attention over LTX's prompt" in text
    assert "no effect" in text


@pytest.mark.parametrize("place", hidden_by("test_an_executor_that_does_not_tell_its_model_guides_nothing"))
def test_an_executor_that_does_not_tell_its_model_guides_nothing(
    tiny_ltx, conditioning, render, is_answered, monkeypatch, place
):
    expected = render(tiny_ltx(), conditioning(1), [])
    model = apply_nag(tiny_ltx(), conditioning(2))
    hide_place(monkeypatch, place)
    assert same(is_answered(lambda: render(model, conditioning(1), []), "MODEL_PASS"), expected)


@pytest.mark.parametrize("place", hidden_by("test_an_ltx_model_without_a_part_is_not_guided"))
def test_an_ltx_model_without_a_part_is_not_guided(tiny_ltx, conditioning, missed, monkeypatch, place):
    model = tiny_ltx()
    assert apply_nag(model, conditioning(2)) is not model
    hide_place(monkeypatch, place)
    assert apply_nag(model, conditioning(2)) is model
    assert apply_nag(model, conditioning(2)) is model
    (text,) = missed()
    assert f"has no {place.rpartition('.')[2]}" in text
    assert "no effect" in text


def test_another_model_is_refused_as_ever(comfy_on_cpu, conditioning, missed):
    class Model:
        def get_model_object(self, name):
            return torch.nn.Linear(1, 1)

    with pytest.raises(GuidanceError, match="Linear is not an LTX model"):
        apply_nag(Model(), conditioning(2))
    assert missed() == []


def sampler_of_later(monkeypatch):
    """A ComfyUI whose sampler wrappers get their options under another name."""
    import comfy.patcher_extension as extension

    execute = extension.WrapperExecutor.execute

    def with_other_options(self, *args, **kwargs):
        wrapper = None if self.is_last else self.wrappers[self.idx]
        if (
            wrapper is None
            or not wrapper.__module__.startswith("audio_loop.")
            or len(args) < 3
            or not isinstance(args[2], dict)
        ):
            return execute(self, *args, **kwargs)
        extra = {"options_of_model" if k == "model_options" else k: v for k, v in args[2].items()}

        def following(*_, **__):
            return self(*args, **kwargs)

        return wrapper(following, args[0], args[1], extra, *args[3:], **kwargs)

    monkeypatch.setattr(extension.WrapperExecutor, "execute", with_other_options)


@pytest.mark.parametrize("kind", ["nag", "trace"])
def test_sampling_runs_without_their_options(tiny_ltx, conditioning, render, missed, monkeypatch, tmp_path, kind):
    def patched():
        return apply_nag(tiny_ltx(), conditioning(2)) if kind == "nag" else stamp_iteration(tiny_ltx(), 1, tmp_path)

    expected = render(patched(), conditioning(1), [])
    assert missed() == []
    sampler_of_later(monkeypatch)

    assert same(render(patched(), conditioning(1), []), expected)
    (text,) = missed()
    assert "model options of a sampling run" in text


def test_attention_is_dispatched_without_the_options_of_the_run(missed):
    for _ in range(2):
        assert record_render(lambda *_: "sampled", "guider", "sigmas", {"options_of_model": {}}) == "sampled"
    (text,) = missed()
    assert "neither counted nor traced" in text


@pytest.mark.parametrize(("sigmas", "calls"), [([1.0, 0.0], 0), ([1.0, 0.0], 1), ([1.0], 0)])
def test_a_dispatcher_that_no_call_of_attention_came_to_is_missed_once(missed, sigmas, calls):
    extra = {"model_options": {}}

    def sample(*_):
        for _ in range(calls):
            extra["model_options"]["transformer_options"][option_keys.RECORD].count("comfy", "disabled")
        return "sampled"

    for _ in range(2):
        assert record_render(sample, "guider", torch.tensor(sigmas), extra) == "sampled"
    is_missed = len(sigmas) > 1 and not calls
    assert ["SageAttention is not used" in text for text in missed()] == [True] * is_missed


def test_a_traced_model_without_its_list_of_blocks_is_missed_once(
    tiny_ltx, conditioning, render, missed, monkeypatch, tmp_path
):
    from audio_loop.comfyui_internals.sampling import block_count

    class Executor:
        class_obj = tiny_ltx().model.diffusion_model

    assert block_count(Executor()) == len(Executor.class_obj.transformer_blocks) > 0
    assert missed() == []
    blocks = Executor.class_obj._modules.pop("transformer_blocks")
    assert (block_count(Executor()), block_count(Executor())) == (0, 0)
    Executor.class_obj._modules["transformer_blocks"] = blocks
    (text,) = missed()
    assert "blocks of an LTX model" in text


@pytest.mark.parametrize("name", ["model_conds", "cond"])
def test_conditions_of_a_step_in_another_form_leave_its_statistics_alone(
    tiny_ltx, conditioning, render, missed, monkeypatch, name
):
    import comfy.samplers

    model = tiny_ltx()
    expected = render(model, conditioning(1), [])
    reference = {"samples": torch.randn(1, 128, 3, 2, 2, generator=torch.Generator().manual_seed(5))}
    apply = comfy.samplers.cfg_function

    def later(*args, **kwargs):
        given = kwargs.pop("cond")
        told = given[0]["model_conds"]
        entry = {"conds_of_model": told} if name == "model_conds" else {"model_conds": {k: object() for k in told}}
        return apply(*args, cond=[entry], **kwargs)

    monkeypatch.setattr(comfy.samplers, "cfg_function", later)
    assert same(render(apply_per_step_match(model, reference, 1.0), conditioning(1), []), expected)
    (text,) = missed()
    assert "conditions of a sampling step" in text
    assert "not matched" in text


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_streams_of_a_packed_latent(tiny_ltx, conditioning, render, missed, monkeypatch, is_hidden):
    model = tiny_ltx()
    expected = render(model, conditioning(1), [])
    reference = {"samples": torch.randn(1, 128, 3, 2, 2, generator=torch.Generator().manual_seed(5))}
    if is_hidden:
        monkeypatch.setattr(
            type(model.model), "latent_shapes", property(fget=gone, fset=lambda _self, _value: None), raising=False
        )
    got = render(apply_per_step_match(model, reference, 1.0), conditioning(1), [])
    assert same(got, expected) is is_hidden
    assert [("shapes of a latent's streams" in text) for text in missed()] == ([True] if is_hidden else [])


def gone(_):
    raise AttributeError("latent_shapes")
