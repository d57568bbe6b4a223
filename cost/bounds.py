"""Bounds of the time that a card takes for a recipe, and what sets them: its products, its memory, or the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .cards import SHARE_OF_PEAK, Card
from .memory import SamplingMemory, sampling_memory
from .model_call import Flops
from .recipe import Recipe
from .weights import Precision, Weights

_TERA, _GIGA = 1e12, 1e9


class Limit(Enum):
    """The thing that a render waits for."""

    COMPUTE = "compute"
    TRANSFER = "transfer"
    """Weights that do not fit are brought in every step, and that takes longer than the step."""
    MEMORY = "memory"
    """Even one block of weights at a time does not fit beside what a step has alive."""


@dataclass(frozen=True)
class Bound:
    """A render on a card.

    Attributes:
        card: The card.
        compute_seconds: For all products, at `SHARE_OF_PEAK` of the card's best.
        transfer_seconds: For the weights that are brought in every step.
        memory: What sampling takes.
    """

    card: Card
    compute_seconds: float
    transfer_seconds: float
    memory: SamplingMemory

    @property
    def fits(self) -> bool:
        """Whether the largest step can be made at all."""
        return self.memory.least_bytes <= self.card.memory_bytes

    @property
    def seconds(self) -> float:
        """The least time: weights come while the card computes."""
        return max(self.compute_seconds, self.transfer_seconds)

    @property
    def limit(self) -> Limit:
        """The thing that sets it."""
        if not self.fits:
            return Limit.MEMORY
        return Limit.TRANSFER if self.transfer_seconds > self.compute_seconds else Limit.COMPUTE


def bound(weights: Weights, recipe: Recipe, card: Card, *, eight_bit_attention: bool) -> Bound:
    """The least time of a recipe.

    Args:
        weights: The transformer.
        recipe: What is sampled.
        card: The card.
        eight_bit_attention: Whether attention is computed in eight bits (SageAttention), else in 16.
    """
    memory = sampling_memory(weights, recipe)
    streamed = memory.streamed_bytes(card.memory_bytes) * recipe.calls
    compute = compute_seconds(
        recipe.flops(weights.architecture), weights.precision, card, eight_bit_attention=eight_bit_attention
    )
    return Bound(card, compute, streamed / (card.transfer_gb_s * _GIGA), memory)


def compute_seconds(flops: Flops, precision: Precision, card: Card, *, eight_bit_attention: bool) -> float:
    """Seconds for operations at `SHARE_OF_PEAK`; arguments as in `bound`."""
    attention_tflops = _attention_tflops(card) if eight_bit_attention else card.bf16_tflops
    at_peak = flops.attention / attention_tflops + flops.linear / _linear_tflops(card, precision)
    return at_peak / (_TERA * SHARE_OF_PEAK)


def _linear_tflops(card: Card, precision: Precision) -> float:
    """A form that the card has no kernel for is computed in 16 bits; four bits count as eight if it has no four."""
    if precision is Precision.INT8:
        return card.int8_tflops
    if precision is Precision.FP4:
        return card.fp4_tflops or card.fp8_tflops or card.bf16_tflops
    return (card.fp8_tflops if precision is Precision.FP8 else 0) or card.bf16_tflops


def _attention_tflops(card: Card) -> float:
    """Both products in eight bits; without eight-bit floats only the first, in integers."""
    return card.fp8_tflops or 2 / (1 / card.int8_tflops + 1 / card.bf16_tflops)
