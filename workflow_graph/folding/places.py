"""Where the nodes of a subgraph stand once they are written out: below the rest, side by side, each subgraph in a frame."""

from __future__ import annotations

from collections.abc import Sequence

from ..document import Document, clone
from ..layout import SLOT_HEIGHT, Box, Point, surround

GAP = 150.0
WIDEST_ROW = 8000.0


class Places:
    """Room below the nodes that a document has at its top level.

    Args:
        document: The document; `frame` adds to its groups.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        boxes = [box_of(node) for node in document.get("nodes") or ()]
        self._left = min((box.x for box in boxes), default=0.0)
        self._corner = self._left, max((box.y + box.height for box in boxes), default=0.0) + GAP
        self._row_bottom = self._corner[1]

    def make_room(self, nodes: Sequence[Document], groups: Sequence[Document]) -> Point:
        """How far nodes and groups are to be moved, so that they lie beside the last and below the rest."""
        own = [*map(box_of, nodes), *(Box(*group["bounding"]) for group in groups if len(group.get("bounding") or ()) == 4)]
        if not own:
            return 0.0, 0.0
        box = surround(own)
        x, y = self._corner
        if x > self._left + WIDEST_ROW:
            x, y = self._left, self._row_bottom
        self._corner = x + box.width + GAP, y
        self._row_bottom = max(self._row_bottom, y + box.height + GAP)
        return x - box.x, y - box.y

    def frame(self, title: str, nodes: Sequence[Document], groups: Sequence[Document], offset: Point) -> None:
        """Adds the groups of a subgraph, moved by `offset`, and one around all of its nodes, which stand where they are to."""
        listed: list[Document] = self._document.setdefault("groups", [])
        last = max((group["id"] for group in listed if isinstance(group.get("id"), int)), default=0)
        for group in groups:
            last += 1
            x, y, *size = group["bounding"]
            listed.append({**clone(group), "id": last, "bounding": [x + offset[0], y + offset[1], *size]})
        if nodes:
            box = surround(map(box_of, nodes))
            bounding = [box.x, box.y, box.width, box.height]
            look = {"color": "#3f789e", "font_size": 24, "flags": {}}
            listed.append({"id": last + 1, "title": title, "bounding": bounding, **look})


def moved(node: Document, offset: Point) -> list[float]:
    """Where a node stands after it was moved."""
    box = box_of(node)
    return [box.x + offset[0], box.y + offset[1]]


def box_of(node: Document) -> Box:
    """The rectangle of a node, without its title bar."""
    return Box(*_pair(node.get("pos"), (0.0, 0.0)), *_pair(node.get("size"), (270.0, 100.0)))


def _pair(value: object, default: Point) -> Point:
    # Files of some years write {"0": x, "1": y}.
    if isinstance(value, dict):
        value = [value.get("0"), value.get("1")]
    if isinstance(value, list) and len(value) == 2 and all(isinstance(number, (int, float)) for number in value):
        return value[0], value[1]
    return default


def place_boundary(slots: Sequence[Document], x: float, y: float, inset: float) -> list[float]:
    """Places the slots of one side of a subgraph, and gives the rectangle around them."""
    for index, slot in enumerate(slots):
        slot["pos"] = [x + inset, y + SLOT_HEIGHT * (1 + index)]
    return [x, y, 120, 40 + SLOT_HEIGHT * max(1, len(slots))]
