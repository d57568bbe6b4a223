"""The header of a segment file: checked before anything of the file is used.

A file that passes as safetensors may still be foreign, or for another window; the safetensors library would load it.
Format of the header: https://huggingface.co/docs/safetensors, section "Format".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...files.json_document import JsonDocumentError, parse_json
from ...files.schema_check import JsonSchemaError, check_schema
from ..errors import DamagedSegmentError
from ..take import HIGHEST_INDEX, TAKE_SCHEMA, Take, take_from_json

FORMAT_VERSION = 4
"""2 added what a window continues, 3 the versions that made it, 4 what it meets; earlier ones are read as they are."""
METADATA_KEY = "audio_loop.segment"
CHECKSUM_KEY = "audio_loop.checksum"
LONGEST_HEADER_BYTES = 16 << 20
MOST_PARTS = 64

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
    """The metadata of a segment file.

    Attributes:
        index: Of the window; 0 is the initial render.
        take: How it was made.
        plan: The loop plan as JSON, or None.
        identity: Which run it belongs to; "" if the user named the run.
        layout: Key of the latent -> `{"kind": "tensor"}`, `{"kind": "nested", "parts": 2}` (tensors `key.0`, `key.1`) or
            `{"kind": "plain", "value": ...}`.
        project: Which of the graphs that use the run it was made for; "" if that is not known.
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
            "version": self.take.format_version,
            "index": self.index,
            "take": self.take.to_json(),
            "plan": None if self.plan is None else dict(self.plan),
            "identity": self.identity,
            "layout": dict(self.layout),
        } | ({"project": self.project} if self.project else {})
        check_schema(document, _SEGMENT_SCHEMA, "segment")
        return document


def parse_header(header: bytes, buffer_bytes: int, name: str) -> SegmentInfo:
    """Checks the JSON part of a safetensors file, all but the table of tensors: the library judges that when it loads them.

    Args:
        header: The JSON with its padding.
        buffer_bytes: How many bytes of tensors follow it.
        name: What to call the file in an error.

    Returns:
        The file's own metadata.

    Raises:
        DamagedSegmentError: A rule of Audio Loop's metadata is broken, or the tensors do not end with the file.
    """
    if not header.startswith(b"{"):
        raise DamagedSegmentError(f"{name} is not a safetensors file: its header does not begin with a brace")
    try:
        document = parse_json(header, longest_bytes=LONGEST_HEADER_BYTES)
    except JsonDocumentError as error:
        raise DamagedSegmentError(f"{name} has an unreadable header: {error}") from error
    metadata = document.pop("__metadata__", None)
    if not isinstance(metadata, dict) or not isinstance(metadata.get(METADATA_KEY), str):
        raise DamagedSegmentError(f"{name} was not written by Audio Loop: its metadata lacks {METADATA_KEY}")
    if metadata.keys() != {METADATA_KEY, CHECKSUM_KEY} or not isinstance(metadata[CHECKSUM_KEY], str):
        raise DamagedSegmentError(f"{name} has metadata that Audio Loop does not write")
    info = _parse_info(metadata[METADATA_KEY].encode("utf-8"), name)
    if _tensor_names(info.layout) != sorted(document):
        raise DamagedSegmentError(f"{name} does not hold the tensors that its layout names")
    # The library would say so too, but with the whole file in memory: a sparse one may be larger than that.
    if _end_of_tensors(document) != buffer_bytes:
        raise DamagedSegmentError(f"{name} is truncated or extended: its tensors do not end with its {buffer_bytes} bytes")
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


def _tensor_names(layout: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for key, entry in layout.items():
        if entry["kind"] == "tensor":
            names.append(key)
        elif entry["kind"] == "nested":
            names.extend(f"{key}.{position}" for position in range(entry.get("parts", 0)))
    return sorted(names)


def _end_of_tensors(tensors: Mapping[str, Any]) -> int | None:
    """Where the last tensor ends, None if the table is none."""
    try:
        return max((entry["data_offsets"][1] for entry in tensors.values()), default=0)
    except (TypeError, KeyError, IndexError):
        return None
