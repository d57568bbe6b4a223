"""The canvas loop with a sampler that paints every latent with its number in the video, and looks at what it is shown."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.latent_ops.canvas import (
    added_of_window,
    audio_of_window,
    canvas_latents,
    canvas_of_draft,
    empty_canvas,
    require_canvas,
    window_of_canvas,
    write_to_canvas,
)
from audio_loop.latent_ops.kinds import LatentError
from audio_loop.loop_control.model_facts import LTX_23, ModelFacts
from audio_loop.loop_control.plan import make_plan

RATE = 1000
FPS = 25


def plan_of(windows=4, order="anchors first", *, window=9, overlap=3, last_latents=None, **options):
    """A plan of so many windows; the last one has `last_latents`, or as many as the others."""
    stride = window - overlap
    latents = (windows - 1) * stride + (last_latents or window)
    frames = (latents - 1) * 8 + 1
    return make_plan(
        audio_samples=frames * RATE // FPS,
        sample_rate=RATE,
        window_seconds=((window - 1) * 8 + 1) / FPS,
        overlap_seconds=((overlap - 1) * 8 + 1) / FPS,
        fps=FPS,
        order=order,
        **options,
    )


def painted(canvas, plan):
    """The canvas after the loop, how often each latent was made, and the windows in the order in which they were."""
    made = torch.zeros(canvas_latents(plan), dtype=torch.int64)
    for index in plan.sequence:
        window = plan.nth_window(index)
        cut = window_of_canvas(canvas, window, plan)
        start, stop = window.latents
        kept = cut["noise_mask"].flatten() == 0.0
        positions = torch.arange(start, stop)
        assert torch.equal(made[positions[kept]], torch.ones(int(kept.sum()), dtype=torch.int64)), "sees what is not finished"
        assert torch.equal(cut["samples"][0, 0, kept, 0, 0], values(positions[kept]))
        sampled = cut["samples"].clone()
        sampled[:, :, ~kept] = values(positions[~kept]).view(1, 1, -1, 1, 1)
        sampled[:, :, kept] += 1e-3  # what is seen is never written back
        added = added_of_window({"samples": sampled}, window)
        before = canvas["samples"].clone()
        written = write_to_canvas(canvas, added, window, plan)
        assert torch.equal(canvas["samples"], before)
        first, end = window.added_latents
        made[first:end] += 1
        outside = torch.ones(len(made), dtype=torch.bool)
        outside[first:end] = False
        assert torch.equal(written["samples"][:, :, outside], before[:, :, outside])
        canvas = written
    return canvas, made


def values(positions):
    return positions.to(torch.float32) * 1.25 + 0.5


@settings(max_examples=60, deadline=None)
@given(
    windows=st.integers(1, 7),
    order=st.sampled_from(["in turn", "anchors first"]),
    window=st.integers(4, 9),
    model=st.sampled_from([LTX_23, ModelFacts(lead_in_latents=1)]),
    data=st.data(),
)
def test_every_latent_is_made_once_and_every_context_is_finished(windows, order, window, model, data):
    overlap = data.draw(st.integers(2, window // 2))
    last = data.draw(st.integers(overlap + 1, window))
    plan = plan_of(windows, order, window=window, overlap=overlap, last_latents=last, model=model)
    assert len(plan.sequence) == windows
    canvas, made = painted(empty_canvas(plan, 32, 32), plan)
    assert made.tolist() == [1] * canvas_latents(plan)
    assert torch.equal(canvas["samples"][0, 7, :, 0, 0], values(torch.arange(canvas_latents(plan))))


@pytest.mark.parametrize("order", ["in turn", "anchors first"])
def test_full_last_windows_are_made_once_too(order):
    plan = plan_of(4, order, last_latents=5, last_window="full")
    _, made = painted(empty_canvas(plan, 32, 32), plan)
    assert made.tolist() == [1] * canvas_latents(plan)


def test_windows_that_are_not_wanted_stay_as_the_draft_has_them():
    plan = plan_of(5, only=(3,))
    draft = {"samples": torch.randn(1, 128, canvas_latents(plan), 1, 1)}
    canvas, made = painted(draft, plan)
    assert plan.sequence == (2, 4, 3)
    untouched = made == 0
    assert untouched.any()
    assert torch.equal(canvas["samples"][:, :, untouched], draft["samples"][:, :, untouched])


def test_a_gap_sees_both_neighbours_and_an_anchor_none():
    plan = plan_of(3)
    canvas = {"samples": torch.randn(1, 128, canvas_latents(plan), 2, 3)}
    gap = window_of_canvas(canvas, plan.nth_window(1), plan)
    assert gap["noise_mask"].flatten().tolist() == [0, 0, 0, 1, 1, 1, 1, 0, 0]
    assert torch.equal(gap["samples"], canvas["samples"][:, :, 6:15])
    anchor = window_of_canvas(canvas, plan.nth_window(2), plan)
    assert anchor["noise_mask"].flatten().tolist() == [1.0] * 9
    assert gap["noise_mask"].dtype == torch.float32


def test_a_lead_in_is_made_and_not_added():
    plan = plan_of(3, model=ModelFacts(lead_in_latents=1))
    canvas = {"samples": torch.randn(1, 128, canvas_latents(plan), 2, 3)}
    gap = window_of_canvas(canvas, plan.nth_window(1), plan)
    assert gap["noise_mask"].flatten().tolist() == [1, 0, 0, 1, 1, 1, 1, 0, 0]
    assert torch.equal(gap["samples"], canvas["samples"][:, :, 6:15])
    assert added_of_window(gap, plan.nth_window(1))["samples"].shape[2] == 4
    assert window_of_canvas(canvas, plan.nth_window(0), plan)["noise_mask"].flatten().tolist() == [1.0] * 9


def test_an_anchor_starts_from_nothing_but_what_it_adds():
    plan = plan_of(3)
    canvas = {"samples": torch.randn(1, 128, canvas_latents(plan), 2, 3)}
    anchor = window_of_canvas(canvas, plan.nth_window(2), plan)["samples"]
    assert torch.equal(anchor[:, :, 1:], canvas["samples"][:, :, 13:21])
    assert torch.equal(anchor[:, :, 0], anchor[:, :, 1])


@pytest.mark.parametrize("strength", [1.0, 0.7, 0.0])
def test_window_0_begins_with_the_picture_and_no_other_does(strength):
    plan = plan_of(2, "in turn")
    canvas = empty_canvas(plan, 96, 64)
    picture = {"samples": torch.randn(1, 128, 1, 2, 3), "noise_mask": torch.ones(1, 1, 1, 1, 1)}
    first = window_of_canvas(canvas, plan.nth_window(0), plan, picture, strength)
    assert torch.equal(first["samples"][:, :, :1], picture["samples"])
    assert not first["samples"][:, :, 1:].any()
    assert first["noise_mask"].flatten().tolist() == pytest.approx([1 - strength] + [1.0] * 8)
    second = window_of_canvas(canvas, plan.nth_window(1), plan, picture, strength)
    assert not second["samples"].any()
    assert second["noise_mask"].flatten().tolist() == [0.0] * 3 + [1.0] * 6


@pytest.mark.parametrize(
    ("shape", "strength", "message"),
    [
        ((1, 128, 1, 2, 2), 1.0, r"\(1, 128, 1, 2, 2\) does not fit .*; encode the picture at 96x64 px"),
        ((1, 64, 1, 2, 3), 1.0, "with the same VAE"),
        ((1, 128, 9, 2, 3), 1.0, "fills the whole window of 9 latents"),
        ((1, 128, 1, 2, 3), 1.5, "first_strength is 1.5; it lies from 0"),
    ],
)
def test_a_picture_that_does_not_fit_is_refused(shape, strength, message):
    plan = plan_of(2)
    with pytest.raises(LatentError, match=message):
        window_of_canvas(empty_canvas(plan, 96, 64), plan.nth_window(0), plan, {"samples": torch.zeros(shape)}, strength)


def test_a_draft_of_another_length_or_size_is_refused_with_what_fits():
    plan = plan_of(3)
    fits = torch.randn(1, 128, 21, 2, 3)
    assert torch.equal(canvas_of_draft({"samples": fits, "noise_mask": fits}, plan, 96, 64)["samples"], fits)
    with pytest.raises(LatentError, match=r"draft of shape .* has 20 latents \(153 frames\), but .* make 21 \(161 frames\)"):
        canvas_of_draft({"samples": fits[:, :, 1:]}, plan, 96, 64)
    with pytest.raises(LatentError, match=r"is 96x64 px, but the canvas is to be 192x128 px; .* Enlarge Draft"):
        canvas_of_draft({"samples": fits}, plan, 192, 128)


@pytest.mark.parametrize("more", [-1, 1])
def test_a_canvas_of_another_length_is_refused(more):
    plan = plan_of(3)
    length = empty_canvas(plan, 32, 32)["samples"].shape[2]
    with pytest.raises(LatentError, match=rf"{length + more} latents"):
        require_canvas({"samples": torch.zeros(1, 128, length + more, 1, 1)}, plan)


def test_a_window_with_guides_or_of_another_pass_is_refused():
    plan = plan_of(3)
    canvas = empty_canvas(plan, 32, 32)
    with pytest.raises(LatentError, match=r"window 1 has 9 latents; take guides off with LTXVCropGuides"):
        added_of_window({"samples": torch.zeros(1, 128, 10, 1, 1)}, plan.nth_window(1))
    with pytest.raises(LatentError, match=r"window 1 adds latents of shape \(1, 128, 4, 1, 1\) .* got \(1, 128, 9, 1, 1\)"):
        write_to_canvas(canvas, {"samples": torch.zeros(1, 128, 9, 1, 1)}, plan.nth_window(1), plan)
    with pytest.raises(LatentError, match=r"adds latents of shape \(1, 128, 4, 1, 1\) .* got \(1, 128, 3, 1, 1\)"):
        write_to_canvas(canvas, {"samples": torch.zeros(1, 128, 3, 1, 1)}, plan.nth_window(1), plan)


def test_the_song_lies_beside_each_window_with_a_mask_of_zero():
    plan = plan_of(3)
    song = {"samples": torch.randn(1, 8, 200, 16), "type": "audio"}
    for window in plan.windows:
        audio = audio_of_window(song, window, plan, 2)
        start, stop = window.audio_latents
        assert torch.equal(audio["samples"], song["samples"][:, :, start:stop].expand(2, -1, -1, -1))
        assert audio["noise_mask"].shape == (2, 1, stop - start, 16)
        assert not audio["noise_mask"].any()
        assert audio["type"] == "audio"
    with pytest.raises(LatentError, match="audio_latent has batch 3, the canvas 2"):
        audio_of_window({"samples": torch.zeros(3, 8, 200, 16)}, plan.nth_window(0), plan, 2)


def test_a_song_encoded_for_another_stage_may_end_behind_the_video_and_before_the_last_window():
    """A song of 497.5 frames: a draft of one window makes 497 of them, and the last window of the finish ends at 505."""
    song = {"audio_samples": 19900, "sample_rate": RATE, "fps": FPS}
    draft = make_plan(window_seconds=19.88, overlap_seconds=2, **song)
    finish = make_plan(window_seconds=8, overlap_seconds=1, order="anchors first", **song)
    assert (draft.frames_made, finish.frames_made, finish.frames_delivered) == (497, 505, 497)
    latents = {"samples": torch.randn(1, 8, 500, 16)}
    last = audio_of_window(latents, finish.nth_window(2), finish, 1)["samples"]
    assert last.shape[2] == 505 - 336
    assert torch.equal(last[:, :, :-5], latents["samples"][:, :, 336:])
    assert torch.equal(last[:, :, -5:], latents["samples"][:, :, -1:].expand(-1, -1, 5, -1))
    with pytest.raises(LatentError, match="ends at 496, but the plan needs 497: 1 are missing"):
        audio_of_window({"samples": torch.zeros(1, 8, 496, 16)}, finish.nth_window(0), finish, 1)
