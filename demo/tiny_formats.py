"""The tiny LTX 2.3 in the formats in which people have the true one: fp8, mxfp8, nvfp4 and int8 files.

The quantisers and the names of what they store are those of comfy-kitchen, which ComfyUI loads them with, so that a file
here is laid out as those that are published. Only the matrices of the transformer's blocks are quantised, as there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import safe_open
from safetensors.torch import save

from ..files.atomic_write import write_atomically
from .tiny_names import CHECKPOINT_NAME

PREFIX = "model.diffusion_model."
VIDEO_VAE_NAME, AUDIO_VAE_NAME = "tiny-ltx-2.3-video-vae.safetensors", "tiny-ltx-2.3-audio-vae.safetensors"

State = dict[str, torch.Tensor]
Layers = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class WeightFormat:
    """How a file stores the matrices of the transformer.

    Attributes:
        name: Part of the file's name.
        layout: ComfyUI's layout; "" if the numbers are only cast.
        config: What the file says of each quantised layer.
        options: Further arguments of the quantiser.
        input_scale: Whether each layer has a scale for its input as well.
        said: Where `config` stands: in a tensor beside each layer, in the header, or nowhere, by the names of 2025.
        is_checkpoint: Whether the file holds VAEs, vocoder and text projection too.
        dtype: The type of the matrices that are not quantised.
    """

    name: str
    layout: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    input_scale: bool = False
    said: Literal["beside", "header", "older"] = "beside"
    is_checkpoint: bool = False
    dtype: torch.dtype = torch.bfloat16

    @property
    def folder(self) -> str:
        """The folder of models that the file belongs into."""
        return "checkpoints" if self.is_checkpoint else "diffusion_models"

    @property
    def file_name(self) -> str:
        """The file's name, formed like the published ones."""
        return f"tiny-ltx-2.3{'-' if self.is_checkpoint else '_transformer_only_'}{self.name}.safetensors"


_FP8 = "TensorCoreFP8Layout"
_INT8 = "TensorWiseINT8Layout"
GROUP = 16
"""Columns that ConvRot turns together: 256 in the true files, whose narrowest matrix is wider than the tiny model."""

FORMATS = (
    WeightFormat("bf16"),
    WeightFormat("fp8", _FP8, {"format": "float8_e4m3fn"}, input_scale=True, said="header", is_checkpoint=True),
    WeightFormat("fp8_cast", dtype=torch.float8_e4m3fn),
    WeightFormat("fp8_scaled", _FP8, {"format": "float8_e4m3fn", "full_precision_matrix_mult": True}),
    WeightFormat("fp8_scaled_older", _FP8, {}, said="older"),
    WeightFormat("fp8_input_scaled", _FP8, {"format": "float8_e4m3fn"}, input_scale=True),
    WeightFormat("mxfp8_block32", "TensorCoreMXFP8Layout", {"format": "mxfp8"}),
    WeightFormat("nvfp4", "TensorCoreNVFP4Layout", {"format": "nvfp4"}, input_scale=True, is_checkpoint=True),
    WeightFormat("int8_tensorwise", _INT8, {"format": "int8_tensorwise"}),
    WeightFormat(
        "int8_convrot",
        _INT8,
        {"format": "int8_tensorwise", "convrot": True, "convrot_groupsize": GROUP},
        {"per_channel": True, "convrot": True, "convrot_groupsize": GROUP},
    ),
)


def write_formats(models: Path) -> tuple[Path, ...]:
    """Writes the tiny checkpoint of a models folder beside it in every format, and its VAEs as files of their own.

    Args:
        models: A ComfyUI models folder that holds the tiny checkpoint.

    Returns:
        The files.
    """
    with safe_open(models / "checkpoints" / CHECKPOINT_NAME, framework="pt") as file:
        checkpoint = {name: file.get_tensor(name) for name in sorted(file.keys())}
        config = {"config": file.metadata()["config"]}
    written: list[Path] = []
    for form in FORMATS:
        state, said = in_format(checkpoint, form)
        written.append(_write(models / form.folder / form.file_name, state, config | said))
    video = {name.removeprefix("vae."): tensor for name, tensor in checkpoint.items() if name.startswith("vae.")}
    audio = {name: tensor for name, tensor in checkpoint.items() if name.startswith(("audio_vae.", "vocoder."))}
    written.append(_write(models / "vae" / VIDEO_VAE_NAME, video, config))
    written.append(_write(models / "vae" / AUDIO_VAE_NAME, audio, config))
    return tuple(written)


def in_format(checkpoint: Mapping[str, torch.Tensor], form: WeightFormat) -> tuple[State, dict[str, str]]:
    """A checkpoint's tensors and the further metadata of its file, in a format; nothing is changed.

    Args:
        checkpoint: Every tensor by its key; the transformer's begin with `PREFIX`.
        form: The format.

    Returns:
        Tensors (without VAEs and text projection if the format holds the transformer alone, whose keys then have no
        prefix), and metadata beside "config".
    """
    state: State = {}
    layers: Layers = {}
    for name, tensor in checkpoint.items():
        layer = name.removesuffix(".weight")
        if form.layout and layer != name and _is_block_matrix(name, tensor):
            layers[layer] = dict(form.config)
            state |= _quantised(layer, tensor, form)
        elif name.startswith(PREFIX):
            state[name] = tensor.to(form.dtype) if tensor.ndim == 2 else tensor.to(torch.bfloat16)
        elif form.is_checkpoint:
            state[name] = tensor
    if form.said == "older":
        state[f"{PREFIX}scaled_fp8"] = torch.empty(2, dtype=torch.float8_e4m3fn)
    if form.said == "beside":
        state |= {f"{layer}.comfy_quant": _as_bytes(config) for layer, config in layers.items()}
    metadata = {"_quantization_metadata": json.dumps({"format_version": "1.0", "layers": layers})} if layers else {}
    if not form.is_checkpoint:
        state = {name.removeprefix(PREFIX): tensor for name, tensor in state.items()}
    return state, metadata if form.said == "header" else {}


def _is_block_matrix(name: str, tensor: torch.Tensor) -> bool:
    return name.startswith(f"{PREFIX}transformer_blocks.") and tensor.ndim == 2 and "gate" not in name


def _quantised(layer: str, weight: torch.Tensor, form: WeightFormat) -> State:
    """The tensors that a file stores for one matrix."""
    from comfy_kitchen.tensor import QuantizedTensor

    stored = QuantizedTensor.from_float(weight.to(torch.bfloat16), form.layout, **form.options).state_dict(f"{layer}.weight")
    if form.said == "older":
        stored[f"{layer}.scale_weight"] = stored.pop(f"{layer}.weight_scale")
    if form.input_scale:
        stored[f"{layer}.input_scale"] = torch.tensor(1.0)
    return stored


def _as_bytes(config: Mapping[str, Any]) -> torch.Tensor:
    return torch.tensor(list(json.dumps(config).encode()), dtype=torch.uint8)


def _write(path: Path, state: State, metadata: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, save({name: tensor.contiguous() for name, tensor in state.items()}, metadata))
    return path
