"""Reads JSON that may have been damaged or made by somebody else, without any surprise.

Python's parser accepts repeated keys (the last wins), NaN, and recursion until it fails with an error of its own; here
all of that is one error.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn


class JsonDocumentError(ValueError):
    """The bytes are not a plain JSON document."""


def parse_json(data: bytes, *, longest_bytes: int) -> Any:
    """Parses UTF-8 JSON strictly.

    Args:
        data: The document.
        longest_bytes: Longer documents are refused unread.

    Returns:
        Mappings, lists, text, numbers, booleans and None.

    Raises:
        JsonDocumentError: Too long, not UTF-8, not JSON, a key twice in one mapping, NaN or infinity, lone
            surrogates, or nested too deeply.
    """
    if len(data) > longest_bytes:
        raise JsonDocumentError(f"{len(data)} bytes are more than the {longest_bytes} allowed")
    try:
        parsed = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
        # Escapes may spell half a character ("\ud800"), which no later write could encode.
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except JsonDocumentError:
        raise
    except RecursionError as error:
        raise JsonDocumentError("nested too deeply") from error
    except ValueError as error:  # bad UTF-8, bad JSON, numbers of thousands of digits, 1e999
        raise JsonDocumentError(str(error)) from error
    return parsed


def dump_json(value: Any, *, indent: int | None = None) -> bytes:
    """Writes canonical UTF-8 JSON: sorted keys, no NaN, a newline at the end when indented."""
    separators = (",", ": ") if indent is not None else (",", ":")
    text = json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=separators)
    return (text + "\n" if indent is not None else text).encode("utf-8")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise JsonDocumentError("a key stands twice in one mapping")
    return mapping


def _refuse_constant(name: str) -> NoReturn:
    raise JsonDocumentError(f"{name} is not a JSON number")
