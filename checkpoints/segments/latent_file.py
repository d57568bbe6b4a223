"""LATENT to segment file and back, bit for bit: values, dtypes, masks, nested audio-video parts and small extras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from ...files.json_document import dump_json
from ...latent_ops.finite import not_finite
from ...latent_ops.kinds import is_nested
from ..errors import CheckpointError, DamagedSegmentError, NotFiniteError
from .container import BLANK_CHECKSUM, parse_bytes, read_verified, seal
from .header import CHECKSUM_KEY, METADATA_KEY, SegmentInfo

Latent = dict[str, Any]
MakeNested = Callable[[list[torch.Tensor]], Any]
"""Builds ComfyUI's NestedTensor from its parts."""


def encode_segment(latent: Mapping[str, Any], info: SegmentInfo) -> bytes:
    """Serialises a latent with its metadata.

    Args:
        latent: ComfyUI's LATENT mapping: `samples` and optionally `noise_mask`, each a tensor on any device or a
            nested tensor; further tensors and plain values (text, numbers, booleans, None, lists and mappings of
            these) are kept as they are.
        info: What the file says of itself; its layout is filled in here.

    Returns:
        The whole file.

    Raises:
        CheckpointError: A value of the latent or of `info` has no exact form in the file.
        NotFiniteError: The latent holds NaN or Inf: such a window is never finished.
    """
    if problem := not_finite(latent):
        raise NotFiniteError(f"window {info.index} is not kept: {problem}")
    tensors: dict[str, torch.Tensor] = {}
    layout: dict[str, Any] = {}
    for key, value in latent.items():
        if not isinstance(key, str) or "." in key:
            raise CheckpointError(f"the latent has the key {key!r}; only text without a dot can be kept")
        if isinstance(value, torch.Tensor):
            layout[key] = {"kind": "tensor"}
            tensors[key] = _storable(value, key)
        elif is_nested(value):
            parts = list(value.unbind())
            layout[key] = {"kind": "nested", "parts": len(parts)}
            for position, part in enumerate(parts):
                tensors[f"{key}.{position}"] = _storable(part, key)
        else:
            _check_plain(value, f"latent[{key!r}]")
            layout[key] = {"kind": "plain", "value": value}
    if "samples" not in layout or layout["samples"]["kind"] == "plain":
        raise CheckpointError("the latent has no samples to keep")
    sealed_info = replace(info, layout=layout)
    try:
        described = dump_json(sealed_info.to_json()).decode("utf-8")
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"window {info.index} cannot be kept: {error}") from error
    metadata = {METADATA_KEY: described, CHECKSUM_KEY: BLANK_CHECKSUM}
    return seal(safetensors.torch.save(tensors, metadata))


def decode_segment(
    path: Path, *, make_nested: MakeNested, index: int | None = None, fingerprint: str | None = None
) -> tuple[Latent, SegmentInfo]:
    """Reads a latent back, or says why the file must not be used.

    Args:
        path: The file.
        make_nested: Puts the parts of a nested tensor together.
        index: The window it must be for; None takes any.
        fingerprint: The fingerprint it must have; None takes any.

    Returns:
        The latent, on the CPU, and what the file says of itself.

    Raises:
        DamagedSegmentError: The file is missing, truncated, altered, foreign or not the one asked for.
        NotFiniteError: It is whole, but holds NaN or Inf.
    """
    data, info = read_verified(path, index=index, fingerprint=fingerprint)
    latent = _load(data, info.layout, make_nested, path.name)
    if problem := not_finite(latent):
        raise NotFiniteError(f"{path.name} is no finished window: {problem}")
    return latent, info


class LatentCodec:
    """Segment files of ComfyUI's latents, for a `Store`."""

    def __init__(self, make_nested: MakeNested) -> None:
        """Takes what the torch side does not know.

        Args:
            make_nested: Puts the parts of a nested tensor together (`comfy.nested_tensor.NestedTensor`).
        """
        self._make_nested = make_nested

    def encode(self, latent: Mapping[str, Any], info: SegmentInfo) -> bytes:
        """See `encode_segment`."""
        return encode_segment(latent, info)

    def decode(self, path: Path, index: int, fingerprint: str) -> tuple[Latent, SegmentInfo]:
        """See `decode_segment`."""
        return decode_segment(path, make_nested=self._make_nested, index=index, fingerprint=fingerprint)

    def decode_bytes(self, data: bytes) -> Latent:
        """Gives the latent of what `encode` made in this process."""
        return _load(data, parse_bytes(data, "segment").layout, self._make_nested, "segment")


def _load(data: bytes, layout: Mapping[str, Any], make_nested: MakeNested, name: str) -> Latent:
    try:
        tensors = safetensors.torch.load(data)
    except Exception as error:  # the library has several classes of its own, and KeyError for dtypes torch lacks
        raise DamagedSegmentError(f"{name} cannot be loaded: {error}") from error
    return _assemble(tensors, layout, make_nested, name)


def _assemble(tensors: dict[str, torch.Tensor], layout: Mapping[str, Any], make_nested: MakeNested, name: str) -> Latent:
    latent: Latent = {}
    try:
        for key, entry in layout.items():
            if entry["kind"] == "tensor":
                latent[key] = tensors[key]
            elif entry["kind"] == "nested":
                latent[key] = make_nested([tensors[f"{key}.{position}"] for position in range(entry["parts"])])
            else:
                latent[key] = entry["value"]
    except KeyError as error:
        raise DamagedSegmentError(f"{name} does not hold the tensors that its layout names: {error}") from error
    return latent


def _storable(tensor: torch.Tensor, key: str) -> torch.Tensor:
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta or tensor.is_complex():
        raise CheckpointError(f"the latent's {key} is {tensor.dtype}, {tensor.layout}; only dense real ones can be kept")
    # A copy: parts that share memory with each other are refused by safetensors.
    return torch.empty(tensor.shape, dtype=tensor.dtype).copy_(tensor.detach())


def _check_plain(value: Any, path: str) -> None:
    if value is None or type(value) in (str, int, bool):
        return
    if type(value) is float and value == value and abs(value) != float("inf"):
        return
    if type(value) is list:
        for position, item in enumerate(value):
            _check_plain(item, f"{path}[{position}]")
        return
    if type(value) is dict and all(type(key) is str for key in value):
        for key, item in value.items():
            _check_plain(item, f"{path}[{key!r}]")
        return
    raise CheckpointError(f"{path} is a {type(value).__qualname__}, which a segment file cannot keep exactly")
