"""Peak memory of a render on its card, by what is alive at once. Counted on ComfyUI's own models, not measured on a card.

`tests/torch/cost/test_memory.py` follows every tensor of a call on the meta device: activations at six shapes within 3 %.
"""

from __future__ import annotations

from dataclasses import dataclass

from .architecture import Architecture
from .model_call import ModelCall
from .recipe import Recipe
from .upscaler import Upscaler
from .weights import Weights

_CALL_BYTES = 30
"""Bytes for each channel of a video token that are alive at the peak of a call: fifteen numbers of 16 bits."""
_UPSCALE_BYTES = 32
"""Bytes for each inner channel of a latent's position, before it is enlarged: four enlarged tensors of 16 bits."""

RESERVED_BYTES = 1 << 30
"""Room that the driver, torch's kernels and ComfyUI's own reserve take beside."""

_BLOCKS_THERE = 2
"""Blocks of weights on the card if all are brought for each step: the one that works and the next."""


def call_bytes(model: Architecture, call: ModelCall) -> int:
    """Bytes of activations at the peak of a call: 120 KiB a token of the published model, and 90 MiB for the text."""
    return _CALL_BYTES * model.video_width * (call.video_tokens + call.text_tokens * 3 // 4)


def upscale_bytes(upscaler: Upscaler, latents: int, tokens_per_latent: int) -> int:
    """Bytes of activations at the peak of an enlargement; sizes as in `upscale_flops`."""
    return _UPSCALE_BYTES * upscaler.mid_channels * latents * tokens_per_latent


@dataclass(frozen=True)
class SamplingMemory:
    """Memory of the largest window's steps.

    Attributes:
        activation_bytes: What a step has alive at its peak, weights left out.
        weight_bytes: The transformer.
        block_bytes: One of its blocks.
    """

    activation_bytes: int
    weight_bytes: int
    block_bytes: int

    @property
    def all_bytes(self) -> int:
        """With all weights on the card."""
        return self.activation_bytes + self.weight_bytes + RESERVED_BYTES

    @property
    def least_bytes(self) -> int:
        """With weights that are brought block by block in every step."""
        return self.activation_bytes + _BLOCKS_THERE * self.block_bytes + RESERVED_BYTES

    def streamed_bytes(self, card_bytes: int) -> int:
        """Bytes of weights that a card of this memory has to be brought in every step."""
        return min(self.weight_bytes, max(0, self.all_bytes - card_bytes))


def sampling_memory(weights: Weights, recipe: Recipe) -> SamplingMemory:
    """Memory of a recipe's largest call."""
    model = weights.architecture
    largest = max((call_bytes(model, call) for call in recipe.largest_calls), default=0)
    return SamplingMemory(largest, weights.transformer_bytes, weights.transformer_bytes // model.num_layers)
