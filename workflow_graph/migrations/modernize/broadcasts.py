"""Set and Get nodes become links."""

from __future__ import annotations

from ...broadcasts import broadcast_name, setters
from ...editing.graph import Graph, Level


def resolve(graph: Graph) -> list[str]:
    """Replaces every pair by links; returns what could not be."""
    # One guard for all: each takes a copy of the whole document, and replacing a pair by its link makes no circle.
    with graph.guard():
        return [remark for level in graph.levels for remark in _resolve(graph, level)]


def _resolve(graph: Graph, level: Level) -> list[str]:
    _connect(graph, level)
    remarks = []
    for node in level.nodes:
        if node.type == "GetNode" and any(output.links for output in node.outputs):
            remarks.append(f"{node} has no SetNode of its name that is fed; what it feeds has no source")
        elif node.type in ("GetNode", "SetNode"):
            graph.remove(node, heal=node.type == "SetNode")
    return remarks


def _connect(graph: Graph, level: Level) -> None:
    """Leads what the Get nodes feed to what feeds their Set nodes.

    One round is enough, also for a chain of pairs: nothing reads a Get node any more once its turn is over, and none that comes
    later can lead anything back to it.
    """
    named = setters(level.nodes)
    for getter in [node for node in level.nodes if node.type == "GetNode"]:
        setter = named.get(broadcast_name(getter) or "")
        source = setter.inputs[0].source if setter is not None and setter.inputs else None
        if source is None or source.node == getter:
            continue
        for target in [target for output in getter.outputs for target in output.targets]:
            graph.connect(source, target)
