"""Weights as files: the shapes that a network of ComfyUI's wants, and safetensors with their sizes in the metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from ..files.atomic_write import write_atomically

Shapes = dict[str, tuple[int, ...]]


def shapes_of(module: torch.nn.Module) -> Shapes:
    """Shapes of a network's weights, by name."""
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


def write_weights(path: Path, weights: dict[str, torch.Tensor], config: dict[str, Any] | None) -> Path:
    """Writes weights, and `config` as the metadata that ComfyUI's loaders read; the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # One key only: safetensors writes several metadata keys in an order that changes from run to run.
    metadata = {"config": json.dumps(config, sort_keys=True, separators=(",", ":"))} if config else None
    contiguous = {name: tensor.contiguous() for name, tensor in sorted(weights.items())}
    # A server that is reading the old file must never meet half of the new one.
    write_atomically(path, save(contiguous, metadata))
    return path
