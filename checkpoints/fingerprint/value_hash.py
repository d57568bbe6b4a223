"""Hashes a value of the graph by its content: numbers, text, lists, mappings and frozen dataclasses, nested freely.

Never by identity or `repr`: a value whose type is not known here is refused, because a hash that misses a part of it
would hand back somebody else's video. Tensors come in through the `leaf` argument (`tensor_hash.hash_value`).

A class of this pack says in `HASHED_AS` the name and the fields that it is hashed by, so that it may be renamed and extended
and stored runs are found all the same. A frozen dataclass or enum of another pack has no such promise: it is hashed by its own
name and, a dataclass, by all its fields, and whatever changes there makes its windows again.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ...files.hashing import digest_parts
from ..errors import FingerprintRefusedError

DEEPEST_NESTING = 64

Leaf = Callable[[object], "bytes | None"]
"""Digest of a value that this module does not know, or None."""


def hash_plain_value(value: object, *, name: str = "value", leaf: Leaf | None = None) -> bytes:
    """Returns the content hash of a value.

    A float with an integer value hashes as that integer: the browser sends 1 for 1.0 and ComfyUI casts either to what
    the input wants. A tuple hashes as a list, a mapping independently of its order.

    Args:
        value: The value.
        name: What to call it in an error.
        leaf: Asked for the digest of any value that is none of the types above.

    Returns:
        32 bytes.

    Raises:
        FingerprintRefusedError: A part has an unknown type, contains itself or lies more than 64 levels deep.
    """
    return _hash(value, name, leaf, ())


def _hash(value: object, path: str, leaf: Leaf | None, parents: tuple[int, ...]) -> bytes:
    plain = _hash_plain(value)
    if plain is not None:
        return plain
    if id(value) in parents:
        raise FingerprintRefusedError(f"{path} contains itself and cannot be hashed")
    if len(parents) >= DEEPEST_NESTING:
        raise FingerprintRefusedError(f"{path} is nested more than {DEEPEST_NESTING} levels deep and cannot be hashed")
    inside = (*parents, id(value))
    if isinstance(value, Mapping):
        return _hash_mapping(value, path, leaf, inside)
    if isinstance(value, (list, tuple)):
        return digest_parts("list", *(_hash(item, f"{path}[{i}]", leaf, inside) for i, item in enumerate(value)))
    if isinstance(value, (set, frozenset)):
        return digest_parts("set", *sorted(_hash(item, f"{path}{{}}", leaf, inside) for item in value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and _is_frozen(value):
        name, fields = _hashed_as(type(value))
        mapping = {each: getattr(value, each) for each in fields}
        return digest_parts("dataclass", name, _hash_mapping(mapping, path, leaf, inside))
    digest = leaf(value) if leaf is not None else None
    if digest is None:
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        raise FingerprintRefusedError(
            f"{path} is a {kind}, whose content Audio Loop cannot hash; "
            "the checkpoint takes tensors, latents, conditioning, numbers, text, lists, mappings and plans"
        )
    return digest


def _hashed_as(kind: type) -> tuple[str, tuple[str, ...]]:
    """Name and fields of a dataclass. What a class inherits is not meant: its parent knows nothing of its own fields."""
    name, fields = vars(kind).get("HASHED_AS") or (
        kind.__qualname__,
        " ".join(field.name for field in dataclasses.fields(kind)),
    )
    return name, tuple(fields.split())


def _hash_plain(value: object) -> bytes | None:
    if value is None:
        return digest_parts("none")
    if isinstance(value, enum.Enum):
        return digest_parts("enum", type(value).__qualname__, value.name)
    if isinstance(value, bool):
        return digest_parts("bool", str(int(value)))
    if isinstance(value, int):
        return digest_parts("integer", _integer_bytes(value))
    if isinstance(value, float):
        if math.isfinite(value) and value.is_integer():
            return digest_parts("integer", _integer_bytes(int(value)))
        return digest_parts("float", "nan" if math.isnan(value) else value.hex())
    if isinstance(value, Fraction):
        return digest_parts("fraction", _integer_bytes(value.numerator), _integer_bytes(value.denominator))
    if isinstance(value, str):
        return digest_parts("text", value)
    if isinstance(value, (bytes, bytearray)):
        return digest_parts("bytes", bytes(value))
    return None


def _hash_mapping(value: Mapping[Any, object], path: str, leaf: Leaf | None, parents: tuple[int, ...]) -> bytes:
    parts = []
    for key, item in value.items():
        key_digest = _hash_plain(key)
        if key_digest is None:
            raise FingerprintRefusedError(f"{path} has a {type(key).__qualname__} as a key; keys are text or numbers")
        parts.append(key_digest + _hash(item, f"{path}[{key!r}]", leaf, parents))
    return digest_parts("mapping", *sorted(parts))


def _integer_bytes(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)


def _is_frozen(value: Any) -> bool:
    return bool(type(value).__dataclass_params__.frozen)
