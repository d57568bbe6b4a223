"""SetNode and GetNode, which hand a value on by its name: who carries which name, who says what a GetNode gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar


class SavedNode(Protocol):
    """A node of any form that still has its JSON object."""

    @property
    def type(self) -> str:
        """Class name."""
        ...

    @property
    def raw(self) -> Mapping[str, Any]:
        """The JSON object."""
        ...


N = TypeVar("N", bound=SavedNode)


def broadcast_name(node: SavedNode) -> str | None:
    """The name that a SetNode or GetNode carries; None for nameless ones and other nodes."""
    values = node.raw.get("widgets_values") if node.type in ("SetNode", "GetNode") else None
    name = values[0] if isinstance(values, list) and values else None
    return name if isinstance(name, str) and name else None


def setters(nodes: Iterable[N]) -> dict[str, N]:
    """The SetNodes of a level by name; the first one if several share a name."""
    result: dict[str, N] = {}
    for node in nodes:
        name = broadcast_name(node)
        if name is not None and node.type == "SetNode":
            result.setdefault(name, node)
    return result
