"""No latent operation changes what it is given, neither now nor through a view that is written to later."""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import replace
from importlib import import_module

import pytest
import torch

import audio_loop.latent_ops
from audio_loop.latent_ops import (
    audio_window,
    canvas,
    conditioning,
    context,
    crossfade,
    enlarge,
    fade,
    guide,
    join,
    kinds,
    masks,
    retake_window,
    statistics,
    window,
)
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import span_of_window

PLAN = make_plan(
    audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.6, fps=25, last_window="full"
)
ANCHORS = replace(PLAN, order="anchors first")
SPAN = span_of_window(PLAN, 7 + 5 * PLAN.iterations, 2)


def video(frames=9):
    return {"samples": torch.randn(1, 128, frames, 2, 3), "noise_mask": torch.rand(1, 1, frames, 1, 1)}


def canvas_video():
    return video(canvas.canvas_latents(ANCHORS))


def added(window):
    return video(window.added_latents[1] - window.added_latents[0])


def audio(frames=65):
    return {"samples": torch.randn(1, 8, frames, 16), "noise_mask": torch.rand(1, 1, frames, 16)}


def cond(**extra):
    tokens, mask = torch.randn(1, 5, 16), torch.tensor([[1, 1, 1, 1, 0]])
    return [[tokens, {"frame_rate": 25.0, "attention_mask": mask, "pooled_output": torch.randn(1, 4), **extra}]]


def guided():
    positions = torch.zeros(1, 3, 6, 2, dtype=torch.int64)
    listed = [{"pre_filter_count": 6, "strength": 1.0, "pixel_mask": None, "latent_shape": [1, 2, 3]}]
    return cond(keyframe_idxs=positions, guide_attention_entries=listed)


def joint(nested):
    return {
        "samples": nested([video()["samples"], audio()["samples"]]),
        "noise_mask": nested([video()["noise_mask"], audio()["noise_mask"]]),
    }


# operation, arguments for plain latents, whether the result may share memory with the arguments
CASES = {
    "context_tail": (context.context_tail, lambda n: (joint(n), 3), False),
    "context_tail video": (context.context_tail, lambda n: (video(), 9), False),
    "overlap_trim": (context.overlap_trim, lambda n: (joint(n), 3), False),
    "overlap_trim nothing": (context.overlap_trim, lambda n: (video(), 0), False),
    "strip_noise_mask": (context.strip_noise_mask, lambda n: (joint(n),), True),
    "audio_latent_window": (audio_window.audio_latent_window, lambda n: (audio(), 0, 65), False),
    "window_latent": (window.window_latent, lambda n: (video(3), audio(), 9), False),
    "append_guide": (guide.append_guide, lambda n: (cond(), cond(), video(), video(1)), True),
    "append_guide second": (guide.append_guide, lambda n: (guided(), guided(), video(), video(2), -16, 0.5), True),
    "guide_positions": (
        lambda tensor, offset: guide.guide_positions(tensor, offset, causal_fix=True),
        lambda n: (video()["samples"], 8),
        False,
    ),
    "blend_conditioning": (conditioning.blend_conditioning, lambda n: (cond(), cond(), 0.3), True),
    "with_values": (conditioning.with_values, lambda n: (cond(), {"frame_rate": 30.0}), True),
    "first_value": (conditioning.first_value, lambda n: (cond(), "pooled_output"), True),
    "crossfade": (crossfade.crossfade, lambda n: (joint(n), joint(n), 3), False),
    "fade": (fade.fade, lambda n: (video()["samples"], video()["samples"], 2, "smooth"), False),
    "fade_weights": (fade.fade_weights, lambda n: (5, "smooth"), False),
    **{
        f"join {mode}": (join.join, lambda n, mode=mode: ([joint(n), joint(n), joint(n)], mode, 2), False)
        for mode in join.OVERLAP_MODES
    },
    "join one": (join.join, lambda n: ([video()],), False),
    "no_frames": (join.no_frames, lambda n: (joint(n),), True),
    "check_next": (join.check_next, lambda n: (joint(n), joint(n), 18, joint(n), 2), False),
    "first_frames": (join.first_frames, lambda n: (joint(n), 3), False),
    "frame_count": (join.frame_count, lambda n: (joint(n),), False),
    "match_statistics": (statistics.match_statistics, lambda n: (video(), video(), 0.5), True),
    "match_statistics per frame": (statistics.match_statistics, lambda n: (video(), video(), 1.0, True), True),
    "video_noise_mask": (masks.video_noise_mask, lambda n: (video(),), False),
    "retake_window": (
        retake_window.retake_window,
        lambda n: (video(SPAN.window_stop + 5), audio(PLAN.windows[-1].audio_latents[1]), SPAN),
        False,
    ),
    "put_back": (
        retake_window.put_back,
        lambda n: (video(SPAN.window_stop + 5), video(SPAN.window_stop - SPAN.window_start), SPAN),
        False,
    ),
    "empty_canvas": (canvas.empty_canvas, lambda n: (ANCHORS, 96, 64), False),
    "canvas_of_draft": (canvas.canvas_of_draft, lambda n: (canvas_video(), ANCHORS, 96, 64), True),
    "window_of_canvas": (canvas.window_of_canvas, lambda n: (canvas_video(), ANCHORS.nth_window(2), ANCHORS), False),
    "window_of_canvas first": (
        canvas.window_of_canvas,
        lambda n: (canvas_video(), ANCHORS.nth_window(0), ANCHORS, video(1), 0.7),
        False,
    ),
    "audio_of_window": (canvas.audio_of_window, lambda n: (audio(999), ANCHORS.nth_window(1), ANCHORS, 2), False),
    "added_of_window": (canvas.added_of_window, lambda n: (video(7), ANCHORS.nth_window(1)), False),
    "write_to_canvas": (
        canvas.write_to_canvas,
        lambda n: (canvas_video(), added(ANCHORS.nth_window(1)), ANCHORS.nth_window(1), ANCHORS),
        False,
    ),
    "enlarged_canvas": (
        enlarge.enlarged_canvas,
        lambda n: (canvas_video(), ANCHORS, lambda latent: latent, lambda done: None),
        False,
    ),
    "with_samples": (kinds.with_samples, lambda n: (video(), video()["samples"]), True),
    "cut": (kinds.cut, lambda n: (video()["samples"], 0, 9), False),
    "cut_and_hold": (kinds.cut_and_hold, lambda n: (video()["samples"], 0, 19), False),
    "kind_of": (kinds.kind_of, lambda n: (joint(n),), False),
}
READ_ONLY = {  # these return what they were given, or text
    "is_nested", "tensors_of", "renest", "shape_text", "samples_of", "require_video", "require_audio", "require_timed",
    "audio_latents_until", "leading_audio_latents",
    "not_finite", "conditioning_not_finite", "canvas_latents", "require_canvas", "missing_latents", "ends_early",
    "facts_of", "facts_of_model", "refuse_shorter_song",  # what a model is, and whether a song is long enough
    "new_frames", "apply_per_step_match",  # a patch of the model: test_per_step_statistics.py
}  # fmt: skip


def copied(value):
    if isinstance(value, torch.Tensor):
        return value.clone()
    if kinds.is_nested(value):
        return type(value)([part.clone() for part in value.unbind()])
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(copied(item) for item in value)
    return value


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if kinds.is_nested(value):
        return list(value.unbind())
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, (list, tuple)) or (hasattr(value, "__iter__") and not isinstance(value, str)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []


@pytest.mark.parametrize("name", CASES)
def test_arguments_stay_as_they_were(name, nested_class):
    operation, make, _ = CASES[name]
    arguments = make(nested_class)
    before = copied(arguments)
    operation(*arguments)
    assert conditioning._same(simplified(arguments), simplified(before))


def simplified(value):
    if kinds.is_nested(value):
        return list(value.unbind())
    if isinstance(value, dict):
        return {key: simplified(item) for key, item in value.items()}
    return [simplified(item) for item in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("name", [name for name, (_, _, shares) in CASES.items() if not shares])
def test_writing_to_a_result_does_not_reach_the_arguments(name, nested_class):
    operation, make, _ = CASES[name]
    arguments = make(nested_class)
    before = copied(arguments)
    for tensor in tensors_in(operation(*arguments)):
        tensor.zero_()
    assert conditioning._same(simplified(arguments), simplified(before))


def test_every_public_function_is_covered():
    functions = set()
    for module in pkgutil.iter_modules(audio_loop.latent_ops.__path__):
        members = vars(import_module(f"audio_loop.latent_ops.{module.name}"))
        functions |= {
            name
            for name, value in members.items()
            if inspect.isfunction(value) and value.__module__.endswith(module.name) and not name.startswith("_")
        }
    assert functions - READ_ONLY == {name.split()[0] for name in CASES}
