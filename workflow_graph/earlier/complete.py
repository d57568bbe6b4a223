"""A graph that an older frontend saved, with every slot that today's nodes have."""

from __future__ import annotations

from ..editing.graph import Graph
from ..editing.missing_slots import complete_nodes
from .bring_up import is_outdated


def complete(graph: Graph) -> None:
    """Shows every input and output of every known node; nothing that the file has is changed or moved to another name.

    A node of an earlier form stays as it is: its outputs tell which form that is.
    """
    for level in graph.levels:
        complete_nodes(graph.state, level.id, [node.id for node in level.nodes if not is_outdated(node)])
    graph.state.reindex()
