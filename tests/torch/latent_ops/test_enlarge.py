from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.canvas import canvas_latents, window_of_canvas
from audio_loop.latent_ops.enlarge import ends_early, enlarged_canvas, missing_latents
from audio_loop.latent_ops.kinds import LatentError

from .test_canvas import plan_of

PLANS = [plan_of(windows, order) for windows in (1, 4, 5) for order in ("in turn", "anchors first")]


def draft_for(plan, more=0):
    return {"samples": torch.randn(1, 128, canvas_latents(plan) + more, 1, 2), "noise_mask": torch.zeros(1)}


def doubled(latent):
    """Twice the size, and every value moved by the largest of the clip, as a normalisation over the clip moves them."""
    assert "noise_mask" not in latent
    samples = latent["samples"] + latent["samples"].max()
    return {"samples": samples.repeat_interleave(2, 3).repeat_interleave(2, 4)}


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{len(plan.windows)} {plan.order}")
def test_each_window_finds_its_own_stretch_enlarged_by_itself(plan):
    draft, seen = draft_for(plan), []
    before = draft["samples"].clone()
    canvas = enlarged_canvas(draft, plan, doubled, seen.append)["samples"]
    assert canvas.shape == (1, 128, canvas_latents(plan), 2, 4)
    for window in plan.windows:
        (start, stop), (first, end) = window.latents, window.added_latents
        expected = doubled({"samples": draft["samples"][:, :, start:stop]})["samples"][:, :, first - start : end - start]
        assert torch.equal(canvas[:, :, first:end], expected)
    assert seen == list(range(1, len(plan.windows) + 1))
    assert torch.equal(draft["samples"], before)


def test_what_a_window_starts_from_depends_on_the_draft_under_it_alone():
    plan = plan_of(5)
    draft = draft_for(plan)
    changed = {"samples": draft["samples"].clone()}
    changed["samples"][:, :, 4] += 100.0  # under window 0 alone
    ones, others = (enlarged_canvas(each, plan, doubled, lambda _: None) for each in (draft, changed))
    same = [
        torch.equal(*(window_of_canvas(canvas, window, plan)["samples"] for canvas in (ones, others)))
        for window in plan.windows
    ]
    assert same == [False, False, True, True, True]


def test_a_longer_draft_is_cut_behind_the_song():
    plan = plan_of(3)
    draft = draft_for(plan, more=4)
    assert missing_latents(draft, plan) == -4
    assert enlarged_canvas(draft, plan, doubled, lambda _: None)["samples"].shape[2] == canvas_latents(plan)


def test_behind_the_song_the_last_latent_of_the_draft_is_repeated():
    plan = plan_of(3, last_latents=5, last_window="full")
    draft = draft_for(plan, more=-4)
    assert missing_latents(draft, plan) == 4
    canvas = enlarged_canvas(draft, plan, lambda latent: doubled(latent), lambda _: None)["samples"]
    assert canvas.shape[2] == canvas_latents(plan)
    tail = canvas[:, :, -5:]
    assert torch.equal(tail, tail[:, :, :1].expand_as(tail))


def test_a_draft_that_ends_before_the_video_is_refused_with_the_length_it_needs():
    plan = plan_of(3)
    with pytest.raises(
        LatentError, match=r"has 20 latents \(153 frames\), but the video of the plan has 161 frames, which takes 21"
    ):
        enlarged_canvas(draft_for(plan, more=-1), plan, doubled, lambda _: None)


@pytest.mark.parametrize("latents", [1, 9, 14, 20])
def test_a_draft_that_was_stopped_is_enlarged_as_far_as_it_goes(latents):
    plan = plan_of(3)
    draft = {"samples": torch.randn(1, 128, latents, 1, 2)}
    seen = []
    canvas = enlarged_canvas(draft, plan, lambda part: doubled({"samples": part["samples"] * 0 + 1}), seen.append, whole=False)
    assert torch.equal(canvas["samples"], torch.full((1, 128, latents, 2, 4), 2.0))
    assert seen == [window.index + 1 for window in plan.windows if window.added_latents[0] < latents]


def test_a_model_that_changes_the_length_is_refused():
    plan = plan_of(2)
    with pytest.raises(LatentError, match=r"makes \(1, 128, 8, 1, 2\) of 9 latents .*; load a spatial one"):
        enlarged_canvas(draft_for(plan), plan, lambda latent: {"samples": latent["samples"][:, :, 1:]}, lambda _: None)


@pytest.mark.parametrize("latents", [15, 20])
def test_a_draft_that_was_capped_is_refused_with_the_cap_that_fits(latents):
    """Windows of 9 latents lie 6 apart: the second ends at 15, and a draft that ends before that fits no cap."""
    draft = {"samples": torch.zeros(1, 128, latents, 1, 2)}
    assert ends_early(draft, plan_of(4)).endswith(
        ", or set max_iterations of this stage's planner to 1 to finish what there is"
    )
    assert ends_early(draft, plan_of(4, max_iterations=1)) == ""
    too_short = {"samples": torch.zeros(1, 128, 14, 1, 2)}
    assert ends_early(too_short, plan_of(4)).endswith("let the draft be made to its end")
