"""The file of the transformer that a graph loads, and its weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..cost.weights import PUBLISHED_FP8, HeaderError, Weights, read_weights
from ..workflow_graph.node_kinds import SAMPLERS
from ..workflow_graph.reading.flow import Flow

LOADERS = {
    "CheckpointLoaderSimple": ("checkpoints", "ckpt_name"),
    **dict.fromkeys(("UNETLoader", "UnetLoaderGGUF", "UnetLoaderGGUFAdvanced"), ("diffusion_models", "unet_name")),
}
"""Loaders of a transformer -> the folder of models and the input that name its file."""

ModelFile = Callable[[str, str], Path | None]
"""(folder of models, name) -> the file, if it is there."""


@dataclass(frozen=True)
class KnownWeights:
    """The weights of a graph.

    Attributes:
        weights: What is counted with.
        told: Where they are known from, in words.
    """

    weights: Weights
    told: str


def known_weights(flow: Flow, model_file: ModelFile | None) -> KnownWeights:
    """The weights that a graph samples with; those of the published model if its file is not known or says nothing."""
    published = "the published 22B configuration in eight bits is counted with"
    loader = next((node for sampler in flow.of_type(SAMPLERS) for node in flow.upstream(sampler) if node.type in LOADERS), None)
    if loader is None:
        return KnownWeights(PUBLISHED_FP8, f"{published}; no loader of the graph names a model that is read")
    folder, name = LOADERS[loader.type]
    chosen = flow.value(loader, name)
    path = model_file(folder, chosen) if model_file is not None and isinstance(chosen, str) else None
    if path is None:
        return KnownWeights(PUBLISHED_FP8, f"{published}; {chosen} is not at hand")
    try:
        weights = read_weights(path)
    except (OSError, HeaderError) as error:
        return KnownWeights(PUBLISHED_FP8, f"{published}; {error}")
    if not weights.is_from_file:
        return KnownWeights(
            weights, f"{path.name}: size and numbers from its header, which has no configuration; 22B is counted with"
        )
    return KnownWeights(weights, f"{path.name}: configuration, size and numbers from its header")
