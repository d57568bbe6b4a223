"""One link in its two written forms: the list of six that the top level uses and the object that subgraphs use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .document import DocumentError

NodeId = int | str

INPUT_BOUNDARY = -10
"""Stands in a subgraph's links for the node that its inputs come from."""

OUTPUT_BOUNDARY = -20
"""Stands in a subgraph's links for the node that its outputs go to."""


class Link(NamedTuple):
    """From an output slot to an input slot of the same graph."""

    id: int
    origin_id: NodeId
    origin_slot: int
    target_id: NodeId
    target_slot: int
    type: Any = "*"


def node_id(value: Any) -> NodeId | None:
    """The id as it is compared: "12" and 12.0 are 12, other text stays text, anything else is None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and value:
        return int(value) if value.lstrip("-").isascii() and value.lstrip("-").isdigit() else value
    return None


def read(raw: Any, where: str) -> Link:
    """Reads a link in either form; numbers may be written as strings.

    Args:
        raw: The JSON value.
        where: What an error calls it, as in "links[3]".

    Raises:
        DocumentError: It is not a link.
    """
    if type(raw) is list and len(raw) >= 6 and all(type(value) is int for value in raw[:5]):
        return Link(*raw[:6])
    if isinstance(raw, Mapping):
        values = [raw.get(key) for key in ("id", "origin_id", "origin_slot", "target_id", "target_slot")]
        kind = raw.get("type", "*")
    elif isinstance(raw, list) and len(raw) >= 5:
        values, kind = raw[:5], raw[5] if len(raw) > 5 else "*"
    else:
        raise DocumentError(f"{where} is no link: neither a list of six nor an object with origin_id and target_id")
    link_id, origin, origin_slot, target, target_slot = (node_id(value) for value in values)
    if not isinstance(link_id, int) or not isinstance(origin_slot, int) or not isinstance(target_slot, int):
        raise DocumentError(f"{where} is no link: its id and slots must be whole numbers, they are {values!r}")
    if origin is None or target is None:
        raise DocumentError(f"{where} is no link: it names no origin or no target node ({values!r})")
    return Link(link_id, origin, origin_slot, target, target_slot, kind)


def write(link: Link, *, as_object: bool, like: Any = None) -> Any:
    """The JSON value of a link; what else `like` (its earlier value) holds is kept."""
    if as_object:
        kept = dict(like) if isinstance(like, Mapping) else {}
        return {
            **kept,
            "id": link.id,
            "origin_id": link.origin_id,
            "origin_slot": link.origin_slot,
            "target_id": link.target_id,
            "target_slot": link.target_slot,
            "type": link.type,
        }
    tail = list(like[6:]) if isinstance(like, list) else []
    return [link.id, link.origin_id, link.origin_slot, link.target_id, link.target_slot, link.type, *tail]
