"""Checks JSON values against the small part of JSON Schema that the store's documents are described in.

ComfyUI brings no JSON Schema library. Unknown keywords in a schema are an error, so that a rule cannot be written down
and silently not be checked. Keywords mean what JSON Schema 2020-12 says, with one difference: an integer is an `int`,
not 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_KEYWORDS = {
    "type", "const", "pattern", "maxLength", "minimum", "maximum", "items", "maxItems",
    "properties", "required", "additionalProperties", "title", "description", "$schema",
}  # fmt: skip


class JsonSchemaError(ValueError):
    """A value breaks its schema; the text says where and which rule."""


def check_schema(value: Any, schema: Mapping[str, Any], path: str = "document") -> None:
    """Checks a parsed JSON value.

    Args:
        value: As `json.loads` returns it.
        schema: A schema of the keywords above.
        path: What to call the value in an error.

    Raises:
        JsonSchemaError: The first rule that is broken.
    """
    if unknown := schema.keys() - _KEYWORDS:
        raise AssertionError(f"schema of {path} uses {sorted(unknown)}, which is not checked here")
    _check_type(value, schema, path)
    if "const" in schema and (value != schema["const"] or type(value) is not type(schema["const"])):
        raise JsonSchemaError(f"{path} is {_shorten(value)}; it must be {schema['const']!r}")
    if isinstance(value, str):
        _check_text(value, schema, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_number(value, schema, path)
    elif isinstance(value, list):
        _check_list(value, schema, path)
    elif isinstance(value, dict):
        _check_mapping(value, schema, path)


def _check_type(value: Any, schema: Mapping[str, Any], path: str) -> None:
    if "type" not in schema:
        return
    allowed = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    for name in allowed:
        is_bool = isinstance(value, bool)
        if isinstance(value, _TYPES[name]) and (name == "boolean" or not is_bool):
            return
    raise JsonSchemaError(f"{path} is {_shorten(value)}; it must be of type {' or '.join(allowed)}")


def _check_text(value: str, schema: Mapping[str, Any], path: str) -> None:
    if len(value) > schema.get("maxLength", len(value)):
        raise JsonSchemaError(f"{path} has {len(value)} characters; at most {schema['maxLength']} are allowed")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        raise JsonSchemaError(f"{path} is {_shorten(value)}; it must match {schema['pattern']}")


def _check_number(value: float, schema: Mapping[str, Any], path: str) -> None:
    if value < schema.get("minimum", value) or value > schema.get("maximum", value):
        raise JsonSchemaError(
            f"{path} is {_shorten(value)}; allowed are {schema.get('minimum', '-inf')} to {schema.get('maximum', 'inf')}"
        )


def _check_list(value: list[Any], schema: Mapping[str, Any], path: str) -> None:
    if len(value) > schema.get("maxItems", len(value)):
        raise JsonSchemaError(f"{path} has {len(value)} items; at most {schema['maxItems']} are allowed")
    if "items" in schema:
        for index, item in enumerate(value):
            check_schema(item, schema["items"], f"{path}[{index}]")


def _check_mapping(value: dict[str, Any], schema: Mapping[str, Any], path: str) -> None:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            raise JsonSchemaError(f"{path} lacks {name!r}")
    others = schema.get("additionalProperties", True)
    for name, item in value.items():
        if name in properties:
            check_schema(item, properties[name], f"{path}.{name}")
        elif others is False:
            raise JsonSchemaError(f"{path} has the unknown key {_shorten(name)}")
        elif others is not True:
            check_schema(item, others, f"{path}.{_shorten(name)}")


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
