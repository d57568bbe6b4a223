"""Set and Get nodes become links."""

from __future__ import annotations

from collections.abc import Iterator

from ...graph import Graph
from ..trace import broadcast_name


def resolve(graph: Graph) -> Iterator[str]:
    """Replaces every pair by links; yields what could not be."""
    for level in graph.levels:
        while True:
            moved = False
            setters = {broadcast_name(node): node for node in reversed(level.nodes) if node.type == "SetNode"}
            for getter in [node for node in level.nodes if node.type == "GetNode"]:
                setter = setters.get(broadcast_name(getter))
                source = setter.inputs[0].source if setter is not None and setter.inputs else None
                if source is None or source.node == getter:
                    continue
                for target in [target for output in getter.outputs for target in output.targets]:
                    graph.connect(source, target)
                    moved = True
            if not moved:
                break
        for node in level.nodes:
            if node.type == "GetNode" and any(output.links for output in node.outputs):
                yield f"{node} has no SetNode of its name that is fed; what it feeds has no source"
            elif node.type in ("GetNode", "SetNode"):
                graph.remove(node, heal=node.type == "SetNode")
