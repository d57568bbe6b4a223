"""A tiny LoRA in the form of the distilled LoRA: it patches every attention and feed-forward matrix of the model."""

from __future__ import annotations

import torch

from .tiny_weights import seeded_normal

RANK = 2
PATCHED_MODULES = ("attn", "ff.")
# Small enough that the patched model stays finite, large enough that its output differs visibly.
DELTA_STD = 0.1


def lora_state_dict(model_shapes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """`diffusion_model.<module>.lora_A/lora_B.weight` for the matrices of the transformer blocks.

    Args:
        model_shapes: Shapes of the transformer's weights by name, without a prefix.
    """
    weights: dict[str, torch.Tensor] = {}
    for name, shape in model_shapes.items():
        module = name.removesuffix(".weight")
        in_block = name.startswith("transformer_blocks.") and any(part in name for part in PATCHED_MODULES)
        if not in_block or module == name or len(shape) != 2:
            continue
        down, up = f"diffusion_model.{module}.lora_A.weight", f"diffusion_model.{module}.lora_B.weight"
        weights[down] = seeded_normal(down, (RANK, shape[1]), shape[1] ** -0.5)
        weights[up] = seeded_normal(up, (shape[0], RANK), DELTA_STD)
    return weights
