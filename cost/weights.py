"""The weights of a model file: how large, how stored, of which architecture. Only the header and one layer's words are read."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from ..files.json_document import JsonDocumentError, parse_json
from ..files.regular_files import open_regular
from .architecture import PUBLISHED_22B, Architecture, architecture_of

LONGEST_HEADER_BYTES = 100_000_000
"""The safetensors library refuses longer ones, too."""

_GGUF, _GGUF_VERSIONS = b"GGUF", (2, 3)
_LONGEST_CONFIG_BYTES = 10_000
_PREFIXES = ("model.diffusion_model.", "diffusion_model.")
_OTHER_PARTS = ("vae.", "audio_vae.", "vocoder.", "text_embedding_projection.", "text_encoders.", "first_stage_model.")
_BLOCKS = "transformer_blocks.0."


class Precision(Enum):
    """The form in which products with weights are computed."""

    BF16 = "bf16"
    FP8 = "fp8"
    INT8 = "int8"
    FP4 = "fp4"


_PRECISIONS = {"F8_E4M3": Precision.FP8, "F8_E5M2": Precision.FP8, "I8": Precision.INT8, "U8": Precision.FP4}
"""Type of a stored number -> precision; four-bit numbers are stored two to a byte."""


class HeaderError(ValueError):
    """A file that is no model of this kind."""


@dataclass(frozen=True)
class Weights:
    """The transformer of a render.

    Attributes:
        architecture: Its sizes.
        is_from_file: Whether the file says them; else they are those of the published 22B model.
        transformer_bytes: Bytes of its weights.
        precision: How most of them are stored.
    """

    architecture: Architecture
    is_from_file: bool
    transformer_bytes: int
    precision: Precision


PUBLISHED_FP8 = Weights(PUBLISHED_22B, False, 19_000_000_000, Precision.FP8)
"""The published model with its matrices in eight bits: what is counted with if no file is at hand."""


def read_weights(path: Path) -> Weights:
    """The transformer in a checkpoint, or in a file that holds it alone.

    A GGUF counts with its whole size: it holds a transformer and nothing else. It is unpacked to be computed with, and so
    is a file that says of its layers that they are.

    Raises:
        OSError: The file cannot be read.
        HeaderError: It is neither safetensors nor GGUF, or has no LTX audio-video transformer.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        if file.read(len(_GGUF) + 4) in {_GGUF + version.to_bytes(4, "little") for version in _GGUF_VERSIONS}:
            return Weights(PUBLISHED_22B, False, os.fstat(file.fileno()).st_size, Precision.BF16)
        file.seek(0)
        header = _header(file, path.name)
        weights = weights_of(header, path.name)
        is_unpacked = _layer_config(file, header).get("full_precision_matrix_mult") is True
    return replace(weights, precision=Precision.BF16) if is_unpacked else weights


def weights_of(header: Mapping[str, Any], name: str) -> Weights:
    """The transformer that a safetensors header lists.

    Args:
        header: Tensor name -> `dtype`, `shape` and `data_offsets`, and `__metadata__`.
        name: The file, for messages.

    Raises:
        HeaderError: It lists none.
    """
    tensors = {key: entry for key, entry in header.items() if key != "__metadata__" and isinstance(entry, Mapping)}
    prefix = next((each for each in _PREFIXES if any(key.startswith(each) for key in tensors)), "")
    mine = {
        key.removeprefix(prefix): entry
        for key, entry in tensors.items()
        if key.startswith(prefix) and (prefix or not key.startswith(_OTHER_PARTS))
    }
    if not any(key.startswith(_BLOCKS) and "audio_attn1" in key for key in mine):
        raise HeaderError(f"{name} holds no transformer of LTX for video and audio")
    stored: Counter[str] = Counter()
    for entry in mine.values():
        stored[str(entry.get("dtype"))] += _bytes(entry, name)
    most = stored.most_common(1)[0][0]
    architecture = _architecture(header, name)
    return Weights(
        architecture or PUBLISHED_22B, architecture is not None, stored.total(), _PRECISIONS.get(most, Precision.BF16)
    )


def _architecture(header: Mapping[str, Any], name: str) -> Architecture | None:
    """The one that the header's metadata says; None if it says nothing, as in files that some tools cut out of a checkpoint."""
    metadata = header.get("__metadata__")
    config = metadata.get("config") if isinstance(metadata, Mapping) else None
    if not isinstance(config, str):
        return None
    try:
        transformer = json.loads(config).get("transformer")
        return architecture_of(transformer) if isinstance(transformer, Mapping) else None
    except (AttributeError, ValueError, RecursionError) as error:
        raise HeaderError(f"the configuration in the header of {name} cannot be read: {error}") from error


def _bytes(entry: Mapping[str, Any], name: str) -> int:
    offsets = entry.get("data_offsets")
    if isinstance(offsets, list) and len(offsets) == 2 and all(isinstance(each, int) for each in offsets):
        return max(0, int(offsets[1]) - int(offsets[0]))
    raise HeaderError(f"the header of {name} has a tensor without an end")


def _layer_config(file: BinaryIO, header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The words of the file on its first quantised layer, as ComfyUI reads them; empty if there are none.

    Args:
        file: At the end of its header.
        header: Its entries.
    """
    beside = next((entry for key, entry in header.items() if key.endswith(".comfy_quant")), None)
    try:
        if beside is not None:
            begin, end = beside["data_offsets"]
            file.seek(begin, os.SEEK_CUR)
            found = json.loads(file.read(min(end - begin, _LONGEST_CONFIG_BYTES)))
        else:
            layers = json.loads(header["__metadata__"]["_quantization_metadata"])["layers"]
            found = next(iter(layers.values()))
    except (AttributeError, KeyError, OSError, StopIteration, TypeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _header(file: BinaryIO, name: str) -> dict[str, Any]:
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= LONGEST_HEADER_BYTES:
        raise HeaderError(f"{name} is no safetensors file")
    data = file.read(length)
    try:
        header = parse_json(data, longest_bytes=LONGEST_HEADER_BYTES, name=f"the header of {name}")
    except JsonDocumentError as error:
        raise HeaderError(str(error)) from error
    if len(data) < length or not isinstance(header, dict):
        raise HeaderError(f"{name} is no safetensors file")
    return header
