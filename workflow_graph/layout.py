"""Where nodes stand and how large they are, for those that were given no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .schemas import WidgetSpec

Point = tuple[float, float]

TITLE_HEIGHT = 30
SLOT_HEIGHT = 20
WIDGET_HEIGHT = 24
TEXT_HEIGHT = 140
PREVIEW_HEIGHT = 240
COLUMN_GAP = 80
ROW_GAP = 50


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas, in pixels; y grows downwards and excludes the title bar."""

    x: float
    y: float
    width: float
    height: float


def estimate_size(sockets: int, outputs: int, widgets: Sequence[WidgetSpec], title: str) -> Point:
    """A size that holds the node's slots and widgets; the frontend enlarges what is still too small."""
    texts = sum(1 for w in widgets if w.input is not None and w.input.options.get("multiline"))
    previews = sum(1 for w in widgets if w.input is not None and w.input.type in ("IMAGEUPLOAD", "AUDIOUPLOAD"))
    height = SLOT_HEIGHT * max(sockets, outputs, 1) + WIDGET_HEIGHT * (len(widgets) - texts) + 10
    height += TEXT_HEIGHT * texts + PREVIEW_HEIGHT * previews
    width = 420 if texts else max(270, 60 + 8 * len(title))
    return (width, height)


def columns(
    order: Sequence[int | str],
    upstream: Mapping[int | str, Iterable[int | str]],
    sizes: Mapping[int | str, Point],
    origin: Point = (0.0, 0.0),
) -> dict[int | str, Point]:
    """Places nodes in columns from left to right, each to the right of all it depends on.

    Args:
        order: The nodes to place, each after those that feed it where possible.
        upstream: Which nodes feed a node (others than those in `order` are ignored).
        sizes: Width and height by node.
        origin: The upper left corner.

    Returns:
        Upper left corner by node.
    """
    wanted = set(order)
    level: dict[int | str, int] = {}
    for node in order:
        level[node] = 1 + max((level.get(other, -1) for other in upstream.get(node, ()) if other in wanted), default=-1)
    result: dict[int | str, Point] = {}
    x = origin[0]
    for column in range(max(level.values(), default=-1) + 1):
        members = [node for node in order if level[node] == column]
        y = origin[1]
        for node in members:
            result[node] = (x, y)
            y += sizes[node][1] + TITLE_HEIGHT + ROW_GAP
        x += max((sizes[node][0] for node in members), default=0.0) + COLUMN_GAP
    return result


def surround(boxes: Iterable[Box], padding: float = 20.0) -> Box:
    """The rectangle of a group that holds these nodes with their title bars and the group's own title.

    Raises:
        ValueError: There is no node to surround.
    """
    members = list(boxes)
    if not members:
        raise ValueError("a group needs at least one node or a rectangle of its own")
    left = min(box.x for box in members) - padding
    top = min(box.y for box in members) - TITLE_HEIGHT - padding - 30
    right = max(box.x + box.width for box in members) + padding
    bottom = max(box.y + box.height for box in members) + padding
    return Box(left, top, right - left, bottom - top)
