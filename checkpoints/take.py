"""A take: one finished version of one window, as the manifest lists it and as its segment file repeats it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from ..files.hashing import SHORT_HEX_DIGITS

HIGHEST_INDEX = 999_999
NAME_FINGERPRINT_DIGITS = 16
FINGERPRINT_PATTERN = r"\A[0-9a-f]{64}\Z"
FILE_PATTERN = r"\Asegment_[0-9]{4,6}_[0-9a-f]{16}(_[0-9]{1,4})?\.safetensors\Z"
LARGEST_SEED = 2**64 - 1
LONGEST_PROMPT = 100_000
LONGEST_VERSION = 200
RETAKE_PART = "retake"
"""Component of a retake beside those of the take that it replaces: its content."""

_DIGEST = {"type": "string", "pattern": FINGERPRINT_PATTERN}
_DIGEST_OR_NULL = {"type": ["string", "null"], "pattern": FINGERPRINT_PATTERN}

TAKE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["fingerprint", "prompt", "seed", "components", "seconds", "peak_memory_bytes", "created"],
    "properties": {
        "fingerprint": {"type": "string", "pattern": FINGERPRINT_PATTERN},
        "prompt": {"type": "string", "maxLength": LONGEST_PROMPT},
        "seed": {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST_SEED},
        "components": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": rf"\A[0-9a-f]{{{SHORT_HEX_DIGITS}}}\Z"},
        },
        "seconds": {"type": "number", "minimum": 0},
        "peak_memory_bytes": {"type": ["integer", "null"], "minimum": 0},
        "created": {"type": "string", "pattern": r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}\+00:00\Z"},
        "retake": {
            "type": "object",
            "additionalProperties": False,
            "required": ["of", "content", "stands_for"],
            "properties": {"of": _DIGEST, "content": _DIGEST, "stands_for": _DIGEST},
        },
        "place": {
            "type": "object",
            "additionalProperties": False,
            "required": ["content", "continues", "follows"],
            "properties": {"content": _DIGEST, "continues": _DIGEST_OR_NULL, "follows": _DIGEST_OR_NULL, "meets": _DIGEST},
        },
        "versions": {"type": "object", "additionalProperties": {"type": "string", "maxLength": LONGEST_VERSION}},
    },
}


def utc_now() -> str:
    """The time now, to the microsecond, as takes and manifests write it."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Retake:
    """The part of a take that replaces another one and was made afterwards, between neighbours that stay.

    A render asks for the window by the fingerprint that it had before and is given the retake, and the windows after it
    are found as if it had never changed: that is what "keep the rest" means.

    Attributes:
        of: Fingerprint of the take that it replaces.
        content: Content hash of its own latent, 64 hexadecimal digits.
        stands_for: Content hash of the latent that the windows after it were made from.
    """

    of: str
    content: str
    stands_for: str

    def to_json(self) -> dict[str, str]:
        """The retake as a JSON mapping."""
        return {"of": self.of, "content": self.content, "stands_for": self.stands_for}


@dataclass(frozen=True)
class Place:
    """The content of a window and the one it goes on from, so that only windows that belong together are joined.

    Attributes:
        content: Content hash of its own latent, 64 hexadecimal digits.
        continues: Content hash of the latent that it was made to continue.
        follows: Fingerprint of the take that the render had as the window before; None for a window that is made without
            one, or if it is not known. Says what `continues` cannot if a graph changes a window before the next one sees it.
        meets: Fingerprint of the take that the render had as the window after, for one that is made between two others.
    """

    content: str
    continues: str | None = None
    follows: str | None = None
    meets: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """The place as a JSON mapping."""
        document = {"content": self.content, "continues": self.continues, "follows": self.follows}
        return document | ({"meets": self.meets} if self.meets is not None else {})


@dataclass(frozen=True)
class Take:
    """One finished version of a window.

    Attributes:
        fingerprint: 64 hexadecimal digits.
        prompt: The prompt it was made with; for people, so halves of characters (lone surrogates) become `?` and what
            exceeds 100 000 characters is left out.
        seed: The seed it was made with, or None if the node was not told.
        components: Component -> short hash; says why a later one differs.
        seconds: Wall time that it took to make.
        peak_memory_bytes: Highest device memory meanwhile, or None if it was not measured.
        created: UTC time in ISO 8601.
        retake: What it replaces, if it is a retake.
        place: What it goes on from; None in takes of versions that did not write it down.
        versions: Software -> version that made it, for people; empty in takes of versions that did not write it down.
    """

    fingerprint: str
    prompt: str = ""
    seed: int | None = None
    components: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    peak_memory_bytes: int | None = None
    created: str = field(default_factory=utc_now)
    retake: Retake | None = None
    place: Place | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def format_version(self) -> int:
        """The oldest format of manifests and segment files that holds all of it."""
        if self.place is not None and self.place.meets is not None:
            return 4
        return 3 if self.versions else 2

    def __post_init__(self) -> None:
        # A prompt that cannot be written down must not cost the window that was sampled with it.
        writable = self.prompt.encode("utf-8", "replace").decode("utf-8")[:LONGEST_PROMPT]
        object.__setattr__(self, "prompt", writable)

    def to_json(self) -> dict[str, Any]:
        """The take as a JSON mapping; whether its values are in range is for `TAKE_SCHEMA` to say."""
        document: dict[str, Any] = {
            "fingerprint": self.fingerprint,
            "prompt": self.prompt,
            "seed": self.seed,
            "components": dict(self.components),
            "seconds": self.seconds,
            "peak_memory_bytes": self.peak_memory_bytes,
            "created": self.created,
        }
        parts = {"retake": self.retake, "place": self.place}
        document |= {name: part.to_json() for name, part in parts.items() if part is not None}
        return document | ({"versions": dict(self.versions)} if self.versions else {})


def take_from_json(document: Mapping[str, Any]) -> Take:
    """The take of a mapping that `TAKE_SCHEMA` has passed."""
    values = dict(document)
    retake, place = values.pop("retake", None), values.pop("place", None)
    return Take(
        **values,
        retake=None if retake is None else Retake(**retake),
        place=None if place is None else Place(**place),
    )


def segment_file_name(index: int, fingerprint: str, copy: int = 1) -> str:
    """Name of a segment file.

    Args:
        index: Of the window, 0 (the initial render) to 999999.
        fingerprint: 64 hexadecimal digits.
        copy: 1, or a higher number if a damaged or foreign file has the name already.

    Returns:
        For example `segment_0007_0123456789abcdef.safetensors`.
    """
    suffix = "" if copy == 1 else f"_{copy}"
    return f"segment_{index:04d}_{fingerprint[:NAME_FINGERPRINT_DIGITS]}{suffix}.safetensors"


def index_of_file_name(name: str) -> int | None:
    """The window that a file name claims, or None if it is no name of a segment file."""
    return int(name.split("_")[1]) if re.search(FILE_PATTERN, name) else None


def is_segment_file_of(name: str, index: int, fingerprint: str) -> bool:
    """Whether a file name is one that `segment_file_name` gives to this take."""
    return (
        index_of_file_name(name) == index
        and name.split("_")[2][:NAME_FINGERPRINT_DIGITS] == (fingerprint[:NAME_FINGERPRINT_DIGITS])
    )
