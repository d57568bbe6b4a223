"""Workflow files as bytes: one reader, one writer, one canonical form.

Nothing else in the pack turns workflow JSON into values or back. Canonical form: UTF-8 without a byte order mark, indent of
two spaces, keys in the order they are held in (the frontend's own order), characters as themselves, a newline at
the end, no NaN or Infinity.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Any

Document = dict[str, Any]

MAX_BYTES = 32 * 2**20
"""Largest file that is read. Saved graphs are a few hundred kB; beyond this it is something else under a JSON name."""

MAX_VALUES = 4_000_000
"""Most values in one file: each takes some hundred bytes of memory. A graph of 60 000 nodes has about 2 million."""

MAX_DEPTH = 100
"""Deepest nesting of objects and lists. Real graphs stay under 20; Python's own parser gives up at about 1000."""


class DocumentError(ValueError):
    """A file that cannot be read as the workflow it was taken for, or a value that cannot be written as one."""


class Kind(Enum):
    """What a JSON document is."""

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
    if isinstance(data, bytes):
        _refuse_large(len(data), name)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DocumentError(f"{name} is not UTF-8 text (byte {error.start}); workflow files are JSON in UTF-8") from error
    else:
        text = data
    if not text or text.isspace():
        raise DocumentError(f"{name} is empty")
    values = values_at_most(text)
    if values > max_values:
        raise DocumentError(f"{name} holds about {values} JSON values; more than {max_values} are not read as a workflow")
    try:
        constant = (lambda _: None) if nan_is_null else None
        value = json.loads(text, object_pairs_hook=_object_without_duplicates, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise DocumentError(_syntax_message(text, error, name)) from error
    except RecursionError as error:
        raise DocumentError(f"{name} is nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise DocumentError(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise DocumentError(f"{name} holds a JSON {_json_type(value)}, not an object; a workflow is an object")
    _refuse_unwritable(value, name)
    return value


def values_at_most(text: str) -> int:
    """How many values a JSON text can hold, from above: counted without reading it."""
    return 1 + text.count(",") + text.count("[") + text.count("{")


def ordinary_file(path: Path) -> os.stat_result:
    """What the file system says of a file that can be read to its end.

    Raises:
        DocumentError: It is a pipe, a device or a socket, from which reading might wait for ever.
        OSError: It is missing or out of reach.
    """
    found = path.stat()
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise DocumentError(f"{path} is a pipe or a device, not a file; save what comes from it to a file first")
    return found


def load(source: Path | str | bytes) -> Document:
    """Reads a document of either kind from a path or from bytes.

    Raises:
        DocumentError: As `loads`, or when the file is missing or cannot be read.
    """
    if isinstance(source, bytes):
        return loads(source)
    path = Path(source)
    try:
        _refuse_large(ordinary_file(path).st_size, str(path))
        data = path.read_bytes()
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
    _refuse_unwritable(document, "the document")
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
    """Writes bytes as `save` does: temporary file in the same folder, flushed, renamed."""
    target = Path(path)
    if target.exists() and not replace:
        raise DocumentError(f"{target} exists and is not overwritten; choose another name or allow it")
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise DocumentError(f"{target} cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files for the owner only; a workflow is an ordinary file.
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise DocumentError(f"{target} cannot be written: {error.strerror or error}") from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
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


def _refuse_large(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise DocumentError(f"{name} is {size / 2**20:.1f} MiB; files over {MAX_BYTES // 2**20} MiB are not read as workflows")


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} appears twice in one object, so one of its values would be lost")
    return result


def _syntax_message(text: str, error: json.JSONDecodeError, name: str) -> str:
    where = f"line {error.lineno}, column {error.colno}"
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return f"{name} ends in the middle ({where}): the file is truncated; take a whole copy"
    return f"{name} is not JSON: {error.msg} at {where}"


def _json_type(value: Any) -> str:
    names = {list: "list", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _refuse_unwritable(document: Document, name: str) -> None:
    if not _is_writable(document):
        _name_unwritable(document, name)


def _is_writable(document: Document) -> bool:
    """Whether JSON has all of it; says it fast, level by level."""
    level: list[Any] = [document]
    for _ in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for holder in level:
            if isinstance(holder, dict):
                if not all(type(key) is str for key in holder):
                    return False
                values: Iterable[Any] = holder.values()
            else:
                values = holder
            for value in values:
                kind = type(value)
                if kind in _PLAIN:
                    continue
                if kind is float:
                    if not isfinite(value):
                        return False
                elif kind is dict or kind is list:
                    inner.append(value)
                else:
                    return False
        if not inner:
            return True
        level = inner
    return False


_PLAIN = frozenset({str, int, bool, type(None)})


def _name_unwritable(document: Document, name: str) -> None:
    for path, value, depth in _walk(document):
        if depth > MAX_DEPTH:
            raise DocumentError(f"{name} is nested deeper than {MAX_DEPTH} levels (at {path[:80]}…)")
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            raise DocumentError(f"{name} holds {value} at {path}, which JSON does not have; give the value a finite number")
        if not isinstance(value, (dict, list, tuple, str, int, float, bool, type(None))):
            raise DocumentError(f"{name} holds a {type(value).__name__} at {path}, which JSON does not have")
        if isinstance(value, dict):
            bad = next((key for key in value if not isinstance(key, str)), None)
            if bad is not None:
                raise DocumentError(f"{name} has the key {bad!r} at {path or 'the top'}; JSON keys are strings")


def _walk(document: Document) -> Iterator[tuple[str, Any, int]]:
    """Every value with its path and depth, without recursion, in document order."""
    stack: list[tuple[str, Any, int]] = [("", document, 0)]
    while stack:
        path, value, depth = stack.pop()
        yield path, value, depth
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}" if path else str(key), child, depth + 1) for key, child in reversed(value.items()))
        elif isinstance(value, (list, tuple)):
            stack.extend((f"{path}[{i}]", value[i], depth + 1) for i in range(len(value) - 1, -1, -1))
