"""Recipes that cost less than one: what changes, and by which factor."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan, make_plan
from ..loop_control.units import SPATIAL_STEP_PX
from .architecture import Architecture
from .recipe import HALF, Recipe, Sampling, WindowPart
from .reference_table import SECOND_STEPS
from .stage import NO_GUIDANCE, Guidance, Stage, flops_per_second
from .window_choice import cheapest_window

_WORTH_SAYING = 0.97
_SMALL_PX, _MUCH_LARGER = (832, 448), 1.3
_SECOND_WINDOW, _SECOND_OVERLAP = Fraction(8), Fraction(1)


@dataclass(frozen=True)
class Cheaper:
    """A cheaper recipe.

    Attributes:
        words: What changes.
        factor: Its operations beside those of the recipe it is cheaper than.
        recipe: All of it.
    """

    words: str
    factor: float
    recipe: Recipe


def cheaper_recipes(model: Architecture, recipe: Recipe) -> list[Cheaper]:
    """The recipes that save at least 3 % of a whole render, the smallest saving first; what is on disk does not count."""
    recipe = Recipe(tuple(replace(sampling, there=frozenset()) for sampling in recipe.samplings))
    whole = recipe.flops(model).total
    found = [Cheaper(words, changed.flops(model).total / whole, changed) for words, changed in _changed(model, recipe)]
    worth = [each for each in found if each.factor <= _WORTH_SAYING]
    return sorted(worth, key=lambda each: each.factor, reverse=True)


def _changed(model: Architecture, recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    plans = list(dict.fromkeys(sampling.plan for sampling in recipe.samplings))
    for number, plan in enumerate(plans):
        shorter = _with_cheapest_window(model, recipe, plan)
        if shorter is not None:
            yield f"windows of {shorter[0]} s" + (f" in stage {number + 1}" if len(plans) > 1 else ""), shorter[1]
    stages = [sampling.stage for sampling in recipe.samplings]
    if any(stage.guidance.perturbed_blocks for stage in stages):
        yield "without STG", _guided(recipe, lambda guidance: replace(guidance, perturbed_blocks=0))
    if any(stage.guidance.negative_passes for stage in stages):
        yield "cfg 1", _guided(recipe, lambda guidance: replace(guidance, negative_passes=0))
    smaller = _smaller(recipe)
    if smaller is not None:
        yield f"{smaller[0]}x{smaller[1]}", _resized(recipe, *smaller)
    draft = _draft(recipe)
    if draft is None:
        return
    if len(plans) == 1:
        finish = _finish(recipe)
        if finish is not None:
            yield "two stages", Recipe((*draft.samplings, finish))
    yield "the draft alone", draft


def _with_cheapest_window(model: Architecture, recipe: Recipe, plan: LoopPlan) -> tuple[int, Recipe] | None:
    mine = [sampling for sampling in recipe.samplings if sampling.plan == plan]
    stage = mine[-1].stage
    choice = cheapest_window(model, stage, plan.requested_overlap, plan.fps)
    if choice is None or choice.geometry.window_px >= plan.window_px:
        return None
    if choice.flops_per_second >= flops_per_second(model, stage, plan):
        return None
    return choice.seconds, _replanned(recipe, plan, Fraction(choice.seconds), plan.requested_overlap)


def _replanned(recipe: Recipe, plan: LoopPlan, window: Fraction, overlap: Fraction) -> Recipe:
    made = replanned(plan, window, overlap)
    samplings = (replace(each, plan=made) if each.plan == plan else each for each in recipe.samplings)
    return Recipe(tuple(samplings))


def replanned(plan: LoopPlan, window: Fraction, overlap: Fraction) -> LoopPlan:
    """A plan of other windows for what a plan shows of its song; all of its windows.

    Raises:
        PlanError: No plan has such windows.
    """
    shown = min(plan.audio_samples, math.ceil(plan.made * plan.sample_rate))
    return make_plan(
        audio_samples=shown,
        sample_rate=plan.sample_rate,
        window_seconds=window,
        overlap_seconds=overlap,
        fps=plan.fps,
        last_window=plan.last_window,
    )


def _guided(recipe: Recipe, change: Callable[[Guidance], Guidance]) -> Recipe:
    def changed(sampling: Sampling) -> Sampling:
        return replace(sampling, stage=replace(sampling.stage, guidance=change(sampling.stage.guidance)))

    return Recipe(tuple(map(changed, recipe.samplings)))


def _smaller(recipe: Recipe) -> tuple[int, int] | None:
    """The small usual size, standing or lying as the video does; None if the video is not much larger."""
    stage = recipe.samplings[-1].stage
    width, height = _SMALL_PX if stage.width_px >= stage.height_px else _SMALL_PX[::-1]
    return (width, height) if stage.width_px * stage.height_px > _MUCH_LARGER * width * height else None


def _resized(recipe: Recipe, width_px: int, height_px: int) -> Recipe:
    """The recipe with the last stage at another size, and a stage of half the size at half of it."""
    whole = recipe.samplings[-1].stage.width_px

    def resized(sampling: Sampling) -> Sampling:
        stage, share = sampling.stage, 1 if sampling.stage.width_px == whole else HALF
        made = Stage(width_px // share, height_px // share, stage.steps, stage.guide_latents, stage.guidance)
        return replace(sampling, stage=made)

    return Recipe(tuple(map(resized, recipe.samplings)))


def _draft(recipe: Recipe) -> Recipe | None:
    """The first stage alone: of a recipe of one stage, that at half the size."""
    draft = tuple(each for each in recipe.samplings if not each.is_enlarged)
    if len(draft) < len(recipe.samplings):
        return Recipe(draft)
    sizes = [side for each in draft for side in (each.stage.width_px, each.stage.height_px)]
    if any(side % (HALF * SPATIAL_STEP_PX) for side in sizes):
        return None
    return Recipe(tuple(replace(each, stage=_halved(each.stage)) for each in draft))


def _halved(stage: Stage) -> Stage:
    return Stage(stage.width_px // HALF, stage.height_px // HALF, stage.steps, stage.guide_latents, stage.guidance)


def _finish(recipe: Recipe) -> Sampling | None:
    """A second stage of short windows for a recipe of one; None if there can be none."""
    last = recipe.samplings[-1]
    stage = replace(last.stage, steps=SECOND_STEPS, guidance=NO_GUIDANCE)
    try:
        return Sampling(stage, replanned(last.plan, _SECOND_WINDOW, _SECOND_OVERLAP), WindowPart.ALL, is_enlarged=True)
    except PlanError:
        return None
