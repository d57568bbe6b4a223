"""Puts the nodes of a subgraph into columns, and those of the front where they are drawn to stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..document import Document
from ..folding.places import place_boundary
from ..layout import TITLE_HEIGHT, Box, Point
from .arrange import COLUMN_GAP, GROWN_HEIGHT, NODE_GAP
from .columns import Columns

_BESIDE = 240.0
"""Room left and right of the nodes, for the boundary."""


def stand(level: Document, columns: Columns) -> None:
    """Places all nodes of a subgraph, with room for what they grow to, and its boundary on both sides."""
    nodes = {node["id"]: node for node in level["nodes"]}
    x = 0.0
    for column in columns:
        y, widest = TITLE_HEIGHT * 1.0, 0.0
        for node_id in column:
            node = nodes[node_id]
            width, height = node["size"]
            node["pos"] = [x, y]
            y += max(height, GROWN_HEIGHT.get(node["type"], 0.0)) + NODE_GAP + TITLE_HEIGHT
            widest = max(widest, width)
        x += widest + COLUMN_GAP
    level["groups"] = []
    level["inputNode"]["bounding"] = place_boundary(level["inputs"], -_BESIDE, 0.0, 100)
    level["outputNode"]["bounding"] = place_boundary(level["outputs"], x + _BESIDE / 2, 0.0, 20)


def stand_at(document: Document, front: Mapping[int, Box]) -> None:
    """Places the nodes of the top level in rectangles of their own, title bars above."""
    for node in document["nodes"]:
        box = front[node["id"]]
        node["pos"], node["size"] = [box.x, box.y + TITLE_HEIGHT], [box.width, box.height]


def bend(document: Document, origin: int, target: int, points: Sequence[Point]) -> None:
    """Leads the first link from one node of the top level to another around what lies between, through points in pixels."""
    extra = document.setdefault("extra", {})
    listed, ends = extra.setdefault("reroutes", []), extra.setdefault("linkExtensions", [])
    link = next(each[0] for each in document["links"] if (each[1], each[3]) == (origin, target))
    first = len(listed) + 1
    for identity, point in enumerate(points, first):
        bend = {"id": identity, "pos": [*point], "linkIds": [link]}
        listed.append(bend if identity == first else {**bend, "parentId": identity - 1})
    ends.append({"id": link, "parentId": first + len(points) - 1})
