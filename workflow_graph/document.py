"""Workflow files as bytes: one reader, one writer, one canonical form.

Nothing else in the pack turns workflow JSON into values or back. Canonical form: UTF-8 without a byte order mark, indent of
two spaces, keys in the order they are held in (the frontend's own order), characters as themselves, a newline at
the end, no NaN or Infinity.
"""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

from ..files.atomic_write import write_atomically, write_new
from ..files.json_document import JsonDocumentError, parse_json, refuse_unwritable
from ..files.regular_files import read_regular

Document = dict[str, Any]

MAX_BYTES = 32 * 2**20
"""Largest file that is read. Saved graphs are a few hundred kB; beyond this it is something else under a JSON name."""

MAX_VALUES = 4_000_000
"""Most values in one file: each takes some hundred bytes of memory. A graph of 60 000 nodes has about 2 million."""


class DocumentError(ValueError):
    """A file that cannot be read as the workflow it was taken for, or a value that cannot be written as one."""


class Kind(Enum):
    """The kinds of JSON document."""

    WORKFLOW = "UI workflow"
    PROMPT = "API prompt"


def loads(
    data: bytes | str, *, name: str = "the document", max_values: int = MAX_VALUES, nan_is_null: bool = False
) -> Document:
    """Parses JSON bytes into a document of either kind.

    Args:
        data: UTF-8 bytes (a byte order mark is accepted and not kept) or text.
        name: What error messages call the document.
        max_values: Most values that are read.
        nan_is_null: Take a bare NaN or Infinity for null, as ComfyUI's frontend does, instead of refusing it.

    Raises:
        DocumentError: Too large, too many values, not UTF-8, truncated, not JSON, duplicate keys, NaN or Infinity, nested too
            deep, or not an object.
    """
    try:
        value = parse_json(
            data,
            longest_bytes=MAX_BYTES,
            name=name,
            most_values=max_values,
            nan_is_null=nan_is_null,
            half_characters=True,
        )
    except JsonDocumentError as error:
        raise DocumentError(str(error)) from error
    if not isinstance(value, dict):
        raise DocumentError(f"{name} holds a JSON {_json_type(value)}, not an object; a workflow is an object")
    return value


def load(source: Path | str | bytes) -> Document:
    """Reads a document of either kind from a path or from bytes.

    Raises:
        DocumentError: As `loads`, or when the file is missing or cannot be read.
    """
    if isinstance(source, bytes):
        return loads(source)
    path = Path(source)
    try:
        data = read_regular(path, MAX_BYTES)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    return loads(data, name=str(path))


def kind(document: Document, *, name: str = "the document") -> Kind:
    """Tells a UI workflow from an API prompt.

    Raises:
        DocumentError: It is neither; the message says what was looked for.
    """
    if isinstance(document.get("nodes"), list):
        return Kind.WORKFLOW
    if document and all(isinstance(node, dict) and "class_type" in node for node in document.values()):
        return Kind.PROMPT
    if isinstance(document.get("prompt"), dict):
        raise DocumentError(
            f"{name} is a request to /prompt; its API prompt is the value of the key 'prompt', "
            "save that part as a file of its own"
        )
    raise DocumentError(
        f"{name} is neither a UI workflow (an object with a list 'nodes') nor an API prompt "
        "(an object whose every value has a 'class_type')"
    )


def load_workflow(source: Path | str | bytes) -> Document:
    """Reads a UI workflow.

    Raises:
        DocumentError: As `load`, or when the file is an API prompt.
    """
    document = load(source)
    name = _name_of(source)
    if kind(document, name=name) is Kind.PROMPT:
        raise DocumentError(
            f"{name} is an API prompt, a UI workflow is needed: open it in ComfyUI (drop it on the canvas) "
            "and save it with Workflow > Save"
        )
    return document


def dumps(document: Document) -> bytes:
    """Writes the canonical bytes of a document.

    Raises:
        DocumentError: A value that JSON does not have (NaN, Infinity, a Python object), named with its path.
    """
    try:
        refuse_unwritable(document, "the document")
    except JsonDocumentError as error:
        raise DocumentError(str(error)) from error
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    # Half a surrogate pair (a string cut in the middle of an emoji) has no UTF-8; its escaped form is valid JSON.
    return text.encode("utf-8", errors="backslashreplace") + b"\n"


def save(document: Document, path: Path | str, *, replace: bool = False) -> Path:
    """Writes a document so that the file is either wholly the old one or wholly the new one.

    Args:
        document: What to write; unchanged.
        path: Where to.
        replace: Whether an existing file may be replaced.

    Raises:
        DocumentError: The file exists and `replace` is false, the document cannot be written as JSON, or the folder refuses.
    """
    return save_bytes(dumps(document), path, replace=replace)


def save_bytes(data: bytes, path: Path | str, *, replace: bool = False) -> Path:
    """Writes bytes as `save` does."""
    target = Path(path)
    try:
        (write_atomically if replace else write_new)(target, data)
    except FileExistsError as error:
        raise DocumentError(f"{target} exists and is not overwritten; choose another name or allow it") from error
    except OSError as error:
        raise DocumentError(f"{target} cannot be written: {error.strerror or error}") from error
    return target


def clone(document: Document) -> Document:
    """A deep copy: changing it never changes the original."""
    copy: Document = _copy(document)
    return copy


def _copy(value: Any) -> Any:
    # Only what holds other values costs a call; most values of a graph are numbers and texts.
    if isinstance(value, dict):
        return {key: _copy(child) if isinstance(child, _HOLDERS) else child for key, child in value.items()}
    return [_copy(child) if isinstance(child, _HOLDERS) else child for child in value]


_HOLDERS = (dict, list, tuple)


def _name_of(source: Path | str | bytes) -> str:
    return "the document" if isinstance(source, bytes) else str(source)


def _json_type(value: Any) -> str:
    names = {list: "list", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)
