"""Nodes that only show or save something and have lost what they showed."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Node


def fed(graph: Graph) -> set[Node]:
    """The nodes that show or save something now."""
    return {node for node in graph.nodes if _is_sink(node) and _wired(node)}


def remove(graph: Graph, before: set[Node]) -> Iterator[str]:
    """Removes those of `before` that nothing feeds any more; says so."""
    present = set(graph.nodes)
    for node in sorted(before & present, key=lambda one: str(one.id)):
        if _is_sink(node) and not _wired(node):
            yield f"{node} is removed: what it showed is no longer made as a part of its own"
            graph.remove(node)


def _is_sink(node: Node) -> bool:
    return node.schema is not None and node.schema.is_output and node.definition is None


def _wired(node: Node) -> bool:
    """Whether something other than a setting comes in by wire."""
    return any(slot.link for slot in node.inputs if not slot.raw.get("widget"))
