"""What becomes of Set and Get nodes that hand a value on over several names, or to each other."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.migrations.modernize import broadcasts

from .small_graphs import EMPTY, modern


def _pairs(first, last, *, order=1):
    """Two pairs in a row: `first` -> Set a, Get a -> Set b, `last` -> PreviewAny; Get a is node 2, Get b node 4."""
    links = [[1, first, 0, 1, 0, "INT"], [2, 2, 0, 3, 0, "INT"], [3, last, 0, 5, 0, "INT"]]
    kinds = {1: "SetNode", 2: "GetNode", 3: "SetNode", 4: "GetNode", 5: "PreviewAny", 6: "PrimitiveInt"}
    nodes = []
    for identity, kind in kinds.items():
        into = [link[0] for link in links if link[3] == identity]
        out = [link[0] for link in links if link[1] == identity]
        name = "source" if kind == "PreviewAny" else "value"
        node = {"id": identity, "type": kind, "pos": [0, 0], "mode": 0}
        node["inputs"] = [{"name": name, "type": "*", "link": into[0]}] if into else []
        node["outputs"] = [] if kind == "PreviewAny" else [{"name": "INT", "type": "INT", "links": out}]
        node["widgets_values"] = {"PrimitiveInt": [7, "fixed"], "PreviewAny": []}.get(kind, ["a" if identity < 3 else "b"])
        nodes.append(node)
    return Graph({**EMPTY, "nodes": nodes[::order], "links": links, "last_node_id": 6, "last_link_id": 3})


@pytest.mark.parametrize("order", [1, -1])
def test_a_value_over_two_names_becomes_one_link(order):
    after, remarks = modern(_pairs(6, 4, order=order))
    assert after.node(5).input("source").source.node_id == 6
    assert [node.type for node in after.nodes if node.type in ("SetNode", "GetNode")] == []
    assert remarks == ""


def test_pairs_that_feed_each_other_end_and_what_they_feed_is_named():
    graph = _pairs(4, 2)
    remarks = broadcasts.resolve(graph)
    assert remarks == [f"{graph.node(4)} has no SetNode of its name that is fed; what it feeds has no source"]
    assert [node.type for node in graph.nodes if node.type == "SetNode"] == []
