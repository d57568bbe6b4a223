"""What would cost less, and by how much."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from audio_loop.cost.architecture import PUBLISHED_22B, TEXT_TOKENS
from audio_loop.cost.cheaper import _with_cheapest_window, cheaper_recipes, replanned
from audio_loop.cost.model_call import prompt_flops
from audio_loop.cost.recipe import Recipe, Sampling, WindowPart
from audio_loop.cost.stage import Guidance, Stage, flops_per_second
from audio_loop.cost.window_choice import cheapest_window, window_choices
from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan

SONG = 180 * 44_100


def plan(window=19.88, overlap=2, **settings):
    return make_plan(audio_samples=SONG, sample_rate=44_100, window_seconds=window, overlap_seconds=overlap, fps=25, **settings)


def one_stage(made=None, *, width=832, height=448, guidance=None):
    made = made or plan()
    stage = Stage(width, height, 8, 0, guidance or Guidance())
    looped = Stage(width, height, 8, 1, guidance or Guidance())
    return Recipe((Sampling(stage, made, WindowPart.FIRST), Sampling(looped, made, WindowPart.LATER)))


def two_stages(second=None):
    draft = one_stage(width=416, height=224)
    return Recipe((*draft.samplings, Sampling(Stage(832, 448, 3), second or plan(8, 1), WindowPart.ALL, is_enlarged=True)))


def factors(recipe):
    return {each.words: round(each.factor, 3) for each in cheaper_recipes(PUBLISHED_22B, recipe)}


def test_the_smallest_saving_comes_first():
    assert list(factors(one_stage()).items()) == [("windows of 12 s", 0.93), ("two stages", 0.499), ("the draft alone", 0.182)]


def test_guidance_can_be_left_out():
    guided = factors(one_stage(guidance=Guidance(negative_passes=1, perturbed_blocks=1)))
    assert guided["without STG"] == pytest.approx(2 / 3, abs=0.01)
    assert guided["cfg 1"] == pytest.approx(2 / 3, abs=0.01)


def test_of_two_stages_the_draft_and_shorter_windows_are_cheaper():
    found = factors(two_stages(plan(19.88, 1)))
    assert list(found) == ["windows of 8 s in stage 2", "the draft alone"]
    assert found["the draft alone"] == pytest.approx(0.34, abs=0.02)
    assert list(factors(two_stages())) == ["the draft alone"]


@pytest.mark.parametrize(("width", "height", "named"), [(1280, 704, "832x448"), (704, 1280, "448x832")])
def test_a_large_video_may_be_smaller_standing_or_lying(width, height, named):
    assert factors(one_stage(width=width, height=height))[named] == pytest.approx(0.26, abs=0.01)
    draft = one_stage(width=width // 2, height=height // 2).samplings
    finish = Sampling(Stage(width, height, 3), plan(8, 1), WindowPart.ALL, is_enlarged=True)
    (smaller,) = [each for each in cheaper_recipes(PUBLISHED_22B, Recipe((*draft, finish))) if each.words == named]
    assert [f"{each.stage.width_px}x{each.stage.height_px}" for each in smaller.recipe.samplings][2] == named
    assert smaller.recipe.samplings[0].stage.tokens_per_latent == 13 * 7


def test_a_size_that_has_no_half_has_no_draft():
    assert list(factors(one_stage(width=800))) == ["windows of 12 s"]


def test_a_render_that_was_limited_is_compared_with_one_as_long():
    limited = plan(max_iterations=2)
    again = replanned(limited, Fraction(12), Fraction(2))
    assert again.duration == limited.made
    assert again.frames_delivered == limited.frames_delivered
    assert factors(one_stage(limited))["windows of 12 s"] == pytest.approx(0.93, abs=0.02)


def test_windows_that_are_on_disk_cost_nothing():
    made = plan()
    there = frozenset(range(9))
    recipe = Recipe((Sampling(Stage(832, 448, 8), made, WindowPart.ALL, there=there),))
    assert recipe.samplings[0].windows == (9,)
    assert recipe.flops(PUBLISHED_22B).total < one_stage().flops(PUBLISHED_22B).total / 9
    nothing = Recipe((Sampling(Stage(832, 448, 8), made, WindowPart.ALL, there=frozenset(range(10))),))
    assert (nothing.flops(PUBLISHED_22B).total, list(nothing.largest_calls)) == (0, [])
    assert factors(nothing) == factors(Recipe((Sampling(Stage(832, 448, 8), made, WindowPart.ALL),))) != {}


@pytest.mark.parametrize(("width", "height", "overlap", "seconds"), [(832, 448, 2, 12), (1280, 704, 2, 8), (832, 448, 1, 9)])
def test_the_cheapest_window_depends_on_size_and_overlap(width, height, overlap, seconds):
    stage = Stage(width, height, 8, 1)
    choice = cheapest_window(PUBLISHED_22B, stage, Fraction(overlap), Fraction(25))
    costs = [each.flops_per_second for each in window_choices(PUBLISHED_22B, stage, Fraction(overlap), Fraction(25))]
    assert choice.seconds == seconds
    assert min(costs) <= choice.flops_per_second <= min(costs) * 1.001
    assert len(costs) == 20 - overlap


def test_no_window_is_longer_than_the_positions_or_shorter_than_the_overlap():
    choices = list(window_choices(PUBLISHED_22B, Stage(64, 64, 8), Fraction(3), Fraction(25)))
    assert [choices[0].seconds, choices[-1].seconds] == [4, 20]
    assert all(each.geometry.window_px <= each.geometry.rope_limit_px for each in choices)
    assert cheapest_window(PUBLISHED_22B, Stage(64, 64, 8), Fraction(30), Fraction(25)) is None


def test_a_window_that_costs_less_than_the_usual_choice_is_left_alone():
    stage, made = Stage(1280, 704, 8, 1), plan(8.64)
    choice = cheapest_window(PUBLISHED_22B, stage, Fraction(2), Fraction(25))
    assert made.window_px > choice.geometry.window_px
    assert flops_per_second(PUBLISHED_22B, stage, made) <= choice.flops_per_second
    assert _with_cheapest_window(PUBLISHED_22B, one_stage(made, width=1280, height=704), made) is None
    assert not [words for words in factors(one_stage(made, width=1280, height=704)) if words.startswith("windows of")]


def test_at_a_rate_at_which_no_second_stage_can_be_only_the_draft_is_cheaper():
    slow = make_plan(audio_samples=SONG, sample_rate=44_100, window_seconds=40, overlap_seconds=10, fps=1)
    with pytest.raises(PlanError):
        replanned(slow, Fraction(8), Fraction(1))
    assert list(factors(one_stage(slow)))[-1] == "the draft alone"
    assert "two stages" not in factors(one_stage(slow))


def test_a_projection_before_the_connector_is_counted_with_the_prompt():
    without = replace(PUBLISHED_22B, caption_projection_first_linear=False)
    projected = replace(PUBLISHED_22B, caption_proj_before_connector=True, caption_projection_first_linear=True)
    more = 2 * TEXT_TOKENS * projected.caption_channels * (projected.video_width + projected.audio_width)
    assert prompt_flops(projected).total - prompt_flops(without).total == more
