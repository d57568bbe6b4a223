"""Where nodes stand and how large they are, for those that were given no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .schemas import WidgetSpec

Point = tuple[float, float]

TITLE_HEIGHT = 30
SLOT_HEIGHT = 20
# A widget takes 24 on the classic canvas and 28 in Nodes 2.0, where a line of text needs more and the name of the pack,
# for all packs but ComfyUI's own, has a line at the end.
WIDGET_HEIGHT = 28
LINE_HEIGHT = 36
TEXT_HEIGHT = 140
PREVIEW_HEIGHT = 240
BADGE_HEIGHT = 24
FOOTER_HEIGHT = 32
"""Height of what Nodes 2.0 hangs below a node at times, with its frame: an error, "Show advanced inputs", "Enter subgraph"."""
COLUMN_GAP = 80
GROUP_PADDING = 20.0
ROW_GAP = FOOTER_HEIGHT + 18


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas, in pixels; y grows downwards and excludes the title bar."""

    x: float
    y: float
    width: float
    height: float


def estimate_size(
    sockets: int, outputs: int, widgets: Sequence[WidgetSpec], title: str, badge: bool = False, promoted: int = 0
) -> Point:
    """A size that holds the node's slots and widgets on the classic canvas and in Nodes 2.0, without a footer.

    Args:
        sockets: Inputs without a widget.
        outputs: Outputs.
        widgets: Widgets of the node's own.
        title: On the title bar.
        badge: Nodes 2.0 shows the name of the pack below the widgets.
        promoted: Widgets of a subgraph that stand on its node.
    """
    kinds = [widget.input for widget in widgets if widget.input is not None]
    texts = sum(1 for kind in kinds if kind.options.get("multiline"))
    previews = sum(1 for kind in kinds if kind.type in ("IMAGEUPLOAD", "AUDIOUPLOAD"))
    lines = sum(1 for kind in kinds if kind.type == "STRING") - texts
    height = 14 + SLOT_HEIGHT * max(sockets, outputs, 1) + WIDGET_HEIGHT * (len(widgets) - texts - lines + promoted)
    height += TEXT_HEIGHT * texts + LINE_HEIGHT * lines + PREVIEW_HEIGHT * previews + BADGE_HEIGHT * badge
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
        order: The nodes to place, each after those that feed it if possible.
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


def surround(boxes: Iterable[Box]) -> Box:
    """The rectangle of a group that holds these nodes with their title bars and the group's own title.

    Raises:
        ValueError: There is no node to surround.
    """
    members = list(boxes)
    if not members:
        raise ValueError("a group needs at least one node or a rectangle of its own")
    left = min(box.x for box in members) - GROUP_PADDING
    top = min(box.y for box in members) - TITLE_HEIGHT - GROUP_PADDING - 30
    right = max(box.x + box.width for box in members) + GROUP_PADDING
    bottom = max(box.y + box.height for box in members) + GROUP_PADDING
    return Box(left, top, right - left, bottom - top)
