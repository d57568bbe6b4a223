"""The header of a segment file: checked rule by rule before anything of the file is used.

A file that passes as safetensors may still be truncated, foreign, or for another iteration; the safetensors library
would load it. Format of the header: https://huggingface.co/docs/safetensors, section "Format".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..files.json_document import JsonDocumentError, parse_json
from .errors import DamagedSegmentError
from .schema_check import JsonSchemaError, check_schema
from .take import HIGHEST_INDEX, TAKE_SCHEMA, Take, take_from_json

FORMAT_VERSION = 2
"""2 added what a window continues; 1 is read as it is."""
METADATA_KEY = "audio_loop.segment"
CHECKSUM_KEY = "audio_loop.checksum"
LONGEST_HEADER_BYTES = 16 << 20
MOST_DIMENSIONS = 8
MOST_PARTS = 64
ITEM_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4, "F64": 8, "I64": 8, "U64": 8,
}  # fmt: skip

_SEGMENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "index", "take", "plan", "identity", "layout"],
    "properties": {
        "version": {"type": "integer", "minimum": 1, "maximum": FORMAT_VERSION},
        "index": {"type": "integer", "minimum": 0, "maximum": HIGHEST_INDEX},
        "take": TAKE_SCHEMA,
        "plan": {"type": ["object", "null"]},
        "identity": {"type": "string", "maxLength": 200},
        "project": {"type": "string", "maxLength": 200},
        "layout": {
            "type": "object",
            "required": ["samples"],
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind"],
                "properties": {
                    "kind": {"type": "string", "pattern": r"\A(tensor|nested|plain)\Z"},
                    "parts": {"type": "integer", "minimum": 0, "maximum": MOST_PARTS},
                    "value": {},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class SegmentInfo:
    """What a segment file says of itself.

    Attributes:
        index: Iteration; 0 is the initial render.
        take: How it was made.
        plan: The loop plan as JSON, or None.
        identity: Which run it belongs to; "" where the user named the run.
        layout: Key of the latent -> `{"kind": "tensor"}`, `{"kind": "nested", "parts": 2}` (tensors `key.0`, `key.1`) or
            `{"kind": "plain", "value": ...}`.
        project: Which of the graphs that use the run it was made for; "" where that is not known.
    """

    index: int
    take: Take
    plan: Mapping[str, Any] | None = None
    identity: str = ""
    layout: Mapping[str, Any] = field(default_factory=dict)
    project: str = ""

    def to_json(self) -> dict[str, Any]:
        """The mapping that stands in the file's metadata."""
        document = {
            "version": FORMAT_VERSION,
            "index": self.index,
            "take": self.take.to_json(),
            "plan": None if self.plan is None else dict(self.plan),
            "identity": self.identity,
            "layout": dict(self.layout),
        } | ({"project": self.project} if self.project else {})
        check_schema(document, _SEGMENT_SCHEMA, "segment")
        return document


def parse_header(header: bytes, buffer_bytes: int, name: str) -> SegmentInfo:
    """Checks the JSON part of a safetensors file.

    Args:
        header: The JSON with its padding.
        buffer_bytes: How many bytes of tensors follow it.
        name: What to call the file in an error.

    Returns:
        What the segment says of itself.

    Raises:
        DamagedSegmentError: Any rule of the format, or of Audio Loop's metadata, is broken.
    """
    if not header.startswith(b"{"):
        raise DamagedSegmentError(f"{name} is not a safetensors file: its header does not begin with a brace")
    try:
        document = parse_json(header, longest_bytes=LONGEST_HEADER_BYTES)
    except JsonDocumentError as error:
        raise DamagedSegmentError(f"{name} has an unreadable header: {error}") from error
    if not isinstance(document, dict):
        raise DamagedSegmentError(f"{name} has a header that is no mapping")
    metadata = document.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not isinstance(metadata.get(METADATA_KEY), str):
        raise DamagedSegmentError(f"{name} was not written by Audio Loop: its metadata lacks {METADATA_KEY}")
    if metadata.keys() != {METADATA_KEY, CHECKSUM_KEY} or not isinstance(metadata[CHECKSUM_KEY], str):
        raise DamagedSegmentError(f"{name} has metadata that Audio Loop does not write")
    info = _parse_info(metadata[METADATA_KEY].encode("utf-8"), name)
    _check_offsets(document, buffer_bytes, name)
    if _tensor_names(info.layout) != tuple(sorted(document)):
        raise DamagedSegmentError(f"{name} does not hold the tensors that its layout names")
    return info


def _parse_info(data: bytes, name: str) -> SegmentInfo:
    try:
        document = parse_json(data, longest_bytes=LONGEST_HEADER_BYTES)
        version = document.get("version") if isinstance(document, dict) else None
        if type(version) is int and version > FORMAT_VERSION:
            raise DamagedSegmentError(
                f"{name} was written by a newer Audio Loop (segment format {version}, this one reads {FORMAT_VERSION})"
            )
        check_schema(document, _SEGMENT_SCHEMA, "segment")
    except (JsonDocumentError, JsonSchemaError) as error:
        raise DamagedSegmentError(f"{name} has damaged metadata: {error}") from error
    take = take_from_json(document["take"])
    plan, identity, layout = (document[name] for name in ("plan", "identity", "layout"))
    return SegmentInfo(document["index"], take, plan, identity, layout, document.get("project", ""))


def _tensor_names(layout: Mapping[str, Any]) -> tuple[str, ...]:
    names: list[str] = []
    for key, entry in layout.items():
        if entry["kind"] == "tensor":
            names.append(key)
        elif entry["kind"] == "nested":
            names.extend(f"{key}.{position}" for position in range(entry.get("parts", 0)))
    return tuple(sorted(names))


def _check_offsets(tensors: dict[str, Any], buffer_bytes: int, name: str) -> None:
    spans = []
    for tensor_name, entry in tensors.items():
        if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
            raise DamagedSegmentError(f"{name}: tensor {tensor_name[:60]!r} lacks dtype, shape or data_offsets")
        item_bytes = ITEM_BYTES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
        shape, offsets = entry["shape"], entry["data_offsets"]
        if item_bytes is None:
            raise DamagedSegmentError(f"{name}: tensor {tensor_name[:60]!r} has an unknown dtype")
        if not _are_counts(shape) or len(shape) > MOST_DIMENSIONS:
            raise DamagedSegmentError(f"{name}: tensor {tensor_name[:60]!r} has an impossible shape")
        if not _are_counts(offsets) or len(offsets) != 2:
            raise DamagedSegmentError(f"{name}: tensor {tensor_name[:60]!r} has impossible offsets")
        expected_bytes = item_bytes
        for size in shape:
            expected_bytes *= size
        if offsets[1] - offsets[0] != expected_bytes:
            raise DamagedSegmentError(f"{name}: tensor {tensor_name[:60]!r} has offsets that do not fit its shape and dtype")
        spans.append((offsets[0], offsets[1]))
    position = 0
    for start, end in sorted(spans):
        if start != position:
            raise DamagedSegmentError(f"{name}: tensors overlap or leave a gap at byte {min(start, position)}")
        position = end
    if position != buffer_bytes:
        raise DamagedSegmentError(
            f"{name} holds {buffer_bytes} bytes of tensors and its header describes {position}: truncated or extended"
        )


def _are_counts(value: Any) -> bool:
    # 2**48 bytes are beyond any file here; larger numbers would only make Python multiply giants.
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**48 for item in value)
