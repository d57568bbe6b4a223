"""The cost of a graph's render on a machine: by its own earlier windows, else by what its card can do at best."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import cached_property

from ..cost.bounds import Bound, bound
from ..cost.cards import Card
from ..cost.cheaper import Cheaper, cheaper_recipes
from ..cost.memory import SamplingMemory, sampling_memory
from ..cost.recipe import Recipe
from ..cost.stage import Stage, window_flops
from ..cost.weights import Weights
from ..loop_control.units import SPATIAL_STEP_PX
from .measured import MadeWindow

_MOST_WINDOWS = 50
"""Earlier windows that the rate is taken from, the newest ones."""


@dataclass(frozen=True)
class Cost:
    """The cost of what a render samples.

    Attributes:
        recipe: All of its sampling; windows on disk left out.
        weights: The transformer.
        told: Where the weights are known from, in words.
        card: The machine's card; None if it is not known or not in the table.
        made: Windows of earlier renders of this machine.
    """

    recipe: Recipe
    weights: Weights
    told: str
    card: Card | None
    made: tuple[MadeWindow, ...]

    @cached_property
    def operations(self) -> int:
        """Operations of all sampling."""
        return self.recipe.flops(self.weights.architecture).total

    @property
    def memory(self) -> SamplingMemory:
        """Memory of the largest step."""
        return sampling_memory(self.weights, self.recipe)

    @cached_property
    def seconds_per_operation(self) -> float | None:
        """By windows that this machine made before, of any size, taken to have had this graph's steps; None without any."""
        rates = [rate for made in self.made[:_MOST_WINDOWS] if (rate := self._rate(made)) is not None]
        return statistics.median(rates) if rates else None

    def _rate(self, made: MadeWindow) -> float | None:
        if made.counted is None:
            return None
        stages = [sampling.stage for sampling in self.recipe.samplings]
        tokens = made.counted.tokens_per_latent
        alike = next((stage for stage in stages if stage.tokens_per_latent == tokens), stages[0])
        stage = Stage(tokens * SPATIAL_STEP_PX, SPATIAL_STEP_PX, alike.steps, alike.guide_latents, alike.guidance)
        return made.seconds / window_flops(self.weights.architecture, stage, made.counted.window_px, made.counted.fps).total

    @property
    def measured_seconds(self) -> float | None:
        """Seconds by the earlier windows' rate; None without any."""
        rate = self.seconds_per_operation
        return None if rate is None else rate * self.operations

    def bound_on(self, card: Card) -> Bound:
        """The least time on a card, attention in eight bits."""
        return bound(self.weights, self.recipe, card, eight_bit_attention=True)

    @cached_property
    def cheaper(self) -> list[Cheaper]:
        """Recipes that cost less, the smallest saving first."""
        return cheaper_recipes(self.weights.architecture, self.recipe)

    def first_that_fits(self, card: Card) -> Cheaper | None:
        """The first of `cheaper` whose largest step a card has room for."""
        return next((each for each in self.cheaper if _fits(self.weights, each.recipe, card)), None)


def _fits(weights: Weights, recipe: Recipe, card: Card) -> bool:
    return sampling_memory(weights, recipe).least_bytes <= card.memory_bytes
