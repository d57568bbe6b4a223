"""A fixture: the song, the picture and the words that runs are compared on, as a JSON file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files.json_document import JsonDocumentError, parse_json
from ..files.schema_check import JsonSchemaError, check_schema
from .errors import HarnessError

TO_FILL_IN = "<TODO"
_LONGEST_BYTES = 1 << 20
_TEXT = {"type": "string", "maxLength": 100_000}
_VALUE = {"type": ["string", "number", "integer", "boolean"]}

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 200},
        "audio": _TEXT,
        "image": _TEXT,
        "schedule": _TEXT,
        "negative_prompt": _TEXT,
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**53},
        "workflow": _TEXT,
        "settings": {"type": "object", "additionalProperties": _VALUE},
        "primary_metric": {"type": "string", "maxLength": 200},
        "about": _TEXT,
    },
    "required": ["name", "audio", "image"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Fixture:
    """A fixture.

    Attributes:
        path: Its file.
        document: What stands in it.
    """

    path: Path
    document: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name for people."""
        return str(self.document["name"])

    @property
    def audio(self) -> Path:
        """The song's file."""
        return self.file("audio")

    @property
    def image(self) -> Path:
        """The picture's file."""
        return self.file("image")

    @property
    def settings(self) -> Mapping[str, Any]:
        """Changes to the workflow, by name; see `settings.py`."""
        named = {name: self.document[name] for name in ("schedule", "negative_prompt", "seed") if name in self.document}
        further = self.document.get("settings", {})
        return {**named, **(further if isinstance(further, dict) else {})}

    def file(self, name: str) -> Path:
        """A file that the fixture names; a relative path begins at the fixture's folder."""
        return (self.path.parent / Path(str(self.document[name])).expanduser()).resolve()


def read_fixture(path: Path) -> Fixture:
    """Reads a fixture.

    Raises:
        HarnessError: It cannot be read, or something in it is wrong; the message lists all of it.
    """
    document = _parsed(path)
    faults = [*schema_faults(document), *to_fill_in(document)]
    if faults:
        raise HarnessError(f"{path}: " + "; ".join(faults))
    return Fixture(path, document)


def read_unchecked(path: Path) -> Mapping[str, Any]:
    """The content of a fixture's file, whatever it is.

    Raises:
        HarnessError: It is no JSON object.
    """
    document = _parsed(path)
    if not isinstance(document, dict):
        raise HarnessError(f"{path} holds no JSON object; a fixture is one")
    return document


def schema_faults(document: Any) -> Iterator[str]:
    """Everything in a fixture that breaks its schema, one sentence each."""
    if not isinstance(document, dict):
        yield "a fixture is a JSON object"
        return
    properties = SCHEMA["properties"]
    for name in SCHEMA["required"]:
        if name not in document:
            yield f"the fixture lacks {name!r}"
    for name, value in document.items():
        if name not in properties:
            yield f"the fixture has the unknown key {name!r}; there are {', '.join(properties)}"
            continue
        try:
            check_schema(value, properties[name], name)
        except JsonSchemaError as error:
            yield str(error)


def to_fill_in(document: Any, place: str = "") -> Iterator[str]:
    """Texts that still have to be filled in, one sentence each."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from to_fill_in(value, f"{place}.{name}" if place else str(name))
    elif isinstance(document, str) and document.lstrip().startswith(TO_FILL_IN):
        yield f"{place} is still to be filled in: {document.strip()}"


def _parsed(path: Path) -> Any:
    try:
        return parse_json(path.read_bytes(), longest_bytes=_LONGEST_BYTES, name=str(path))
    except OSError as error:
        raise HarnessError(f"{path} cannot be read: {error.strerror or error}") from error
    except JsonDocumentError as error:
        raise HarnessError(str(error)) from error
