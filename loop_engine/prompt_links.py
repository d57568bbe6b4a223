"""Links in the API form of a graph (ComfyUI's prompt): what an input is wired to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Link = tuple[str, int]
"""Source of an input: (node id, output slot)."""


def as_link(value: Any) -> Link | None:
    """`[node id, slot]` as a Link, by ComfyUI's own rule: a list of a text and a number; None for a literal."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], (int, float)):
        return value[0], int(value[1])
    return None


def links_of(node: Mapping[str, Any]) -> Iterator[tuple[str, Link]]:
    """(input name, link) of each linked input."""
    for name, value in node.get("inputs", {}).items():
        link = as_link(value)
        if link is not None:
            yield name, link
