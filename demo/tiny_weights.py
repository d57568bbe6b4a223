"""Random weights that keep a network's activations finite, the same bytes on every machine.

Every tensor is drawn from a generator seeded by its own name, so adding a layer changes no other layer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import torch

SEED = "audio-loop tiny LTX 2.3"
# Scale-and-shift tables and learnable registers are added to normalised activations: well below them, not zero.
TABLE_STD = 0.05


def seeded_normal(name: str, shape: tuple[int, ...], std: float) -> torch.Tensor:
    """A float32 tensor of `shape`, normal with standard deviation `std`, decided by `name` alone."""
    digest = hashlib.sha256(f"{SEED}/{name}".encode()).digest()
    # PCG64's stream is documented to be stable; torch's generators are not promised to be, across releases.
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))
    return torch.from_numpy((generator.standard_normal(shape) * std).astype(np.float32))


def tiny_weight(name: str, shape: tuple[int, ...], norm_value: float = 1.0) -> torch.Tensor:
    """The weight called `name`: fan-in scaled for matrices and kernels, `norm_value` for norms, zero for biases.

    Args:
        name: Key of the tensor in its state dict.
        shape: Shape of the tensor, output channels first.
        norm_value: What a norm that does nothing holds: 1, or 0 if the network itself adds the 1 (Gemma).
    """
    last = name.rsplit(".", 1)[-1]
    if last in ("mean-of-means", "bias"):
        return torch.zeros(shape)
    if last in ("std-of-means", "layer_scalar"):
        return torch.ones(shape)
    if last == "weight" and len(shape) == 1:
        return torch.full(shape, norm_value)
    if last == "weight":
        fan_in = int(np.prod(shape[1:]))
        return seeded_normal(name, shape, fan_in**-0.5)
    return seeded_normal(name, shape, TABLE_STD)


def tiny_state_dict(
    shapes: Mapping[str, tuple[int, ...]], prefix: str = "", norm_value: float = 1.0
) -> dict[str, torch.Tensor]:
    """`tiny_weight` for every name in `shapes`, under `prefix`."""
    return {prefix + name: tiny_weight(prefix + name, shape, norm_value) for name, shape in shapes.items()}
