"""Reads JSON that may have been damaged or made by somebody else, without any surprise.

Python's parser accepts repeated keys (the last wins), NaN, and recursion until it fails with an error of its own; here
all of that is one error, in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

MAX_DEPTH = 100
"""Deepest nesting of objects and lists. Real documents stay under 20; Python's own parser gives up at about 1000."""

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


class JsonDocumentError(ValueError):
    """The text is not a plain JSON document."""


def parse_json(
    data: bytes | str,
    *,
    longest_bytes: int,
    name: str = "it",
    most_values: int | None = None,
    nan_is_null: bool = False,
    half_characters: bool = False,
) -> Any:
    """Parses JSON strictly.

    Args:
        data: UTF-8 bytes (a byte order mark is accepted and not kept) or text.
        longest_bytes: Longer bytes are refused unread.
        name: The document in messages.
        most_values: Most values that are read; None sets no limit. Each takes some hundred bytes of memory.
        nan_is_null: Take a bare NaN or Infinity for null, as ComfyUI's frontend does, instead of refusing it.
        half_characters: Let texts hold half a character ("\\ud800"), which only `backslashreplace` can encode.

    Returns:
        Mappings, lists, text, numbers, booleans and None.

    Raises:
        JsonDocumentError: Too long, too many values, not UTF-8, truncated, not JSON, a key twice in one object, NaN or
            infinity, half a character, or nested too deeply.
    """
    text = data if isinstance(data, str) else _decoded(data, longest_bytes, name)
    if not text or text.isspace():
        raise JsonDocumentError(f"{name} is empty")
    if most_values is not None and values_at_most(text) > most_values:
        raise JsonDocumentError(f"{name} holds about {values_at_most(text)} JSON values; more than {most_values} are not read")
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=(lambda _: None) if nan_is_null else None)
    except json.JSONDecodeError as error:
        raise JsonDocumentError(_syntax_message(text, error, name)) from error
    except RecursionError as error:
        raise JsonDocumentError(f"{name} is nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:  # a key twice, numbers of thousands of digits
        raise JsonDocumentError(f"{name}: {error}") from error
    refuse_unwritable(value, name)
    if not half_characters and _HALF_CHARACTER.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            raise JsonDocumentError(f"{name} holds half a character ({error.object[error.start]!a})") from error
    return value


def dump_json(value: Any, *, indent: int | None = None) -> bytes:
    """Writes canonical UTF-8 JSON: sorted keys, no NaN, a newline at the end when indented."""
    separators = (",", ": ") if indent is not None else (",", ":")
    text = json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=separators)
    return (text + "\n" if indent is not None else text).encode("utf-8")


def values_at_most(text: str) -> int:
    """An upper bound of the number of values in a JSON text, counted without reading it."""
    return 1 + text.count(",") + text.count("[") + text.count("{")


def refuse_unwritable(value: Any, name: str) -> None:
    """Refuses a value that JSON does not have, and nesting beyond `MAX_DEPTH`.

    Raises:
        JsonDocumentError: NaN, infinity, a Python object, a key that is no string, or nested too deeply; says where.
    """
    if not _is_writable(value):
        _name_unwritable(value, name)


def _decoded(data: bytes, longest_bytes: int, name: str) -> str:
    if len(data) > longest_bytes:
        raise JsonDocumentError(f"{name} is {len(data) / 2**20:.1f} MiB; over {longest_bytes / 2**20:g} MiB it is not read")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonDocumentError(f"{name} is not UTF-8 text (byte {error.start}); JSON is") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in result if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} appears twice in one object, so one of its values would be lost")
    return result


def _syntax_message(text: str, error: json.JSONDecodeError, name: str) -> str:
    where = f"line {error.lineno}, column {error.colno}"
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return f"{name} ends in the middle ({where}): the file is truncated; take a whole copy"
    return f"{name} is not JSON: {error.msg} at {where}"


def _is_writable(document: Any) -> bool:
    """True if JSON has all of it; says it fast, level by level."""
    level: list[Any] = [[document]]
    for _ in range(MAX_DEPTH + 2):
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


def _name_unwritable(document: Any, name: str) -> None:
    for path, value, depth in _walk(document):
        if depth > MAX_DEPTH:
            raise JsonDocumentError(f"{name} is nested deeper than {MAX_DEPTH} levels (at {path[:80]}…)")
        if isinstance(value, float) and not isfinite(value):
            raise JsonDocumentError(f"{name} holds {value} at {path}, which JSON does not have; give the value a finite number")
        if not isinstance(value, (dict, list, tuple, str, int, float, bool, type(None))):
            raise JsonDocumentError(f"{name} holds a {type(value).__name__} at {path}, which JSON does not have")
        if isinstance(value, dict):
            bad = next((key for key in value if not isinstance(key, str)), None)
            if bad is not None:
                raise JsonDocumentError(f"{name} has the key {bad!r} at {path or 'the top'}; JSON keys are strings")


def _walk(document: Any) -> Iterator[tuple[str, Any, int]]:
    """Every value with its path and depth, without recursion, in document order."""
    stack: list[tuple[str, Any, int]] = [("", document, 0)]
    while stack:
        path, value, depth = stack.pop()
        yield path, value, depth
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}" if path else str(key), child, depth + 1) for key, child in reversed(value.items()))
        elif isinstance(value, (list, tuple)):
            stack.extend((f"{path}[{i}]", value[i], depth + 1) for i in range(len(value) - 1, -1, -1))
