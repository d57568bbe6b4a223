"""Where a node that is added beside another one stands."""

from __future__ import annotations

from .handles import Node


def place(node: Node, right_px: float = 0, down_px: float = 0) -> tuple[float, float]:
    """The node's place, moved; the offset alone if the file does not say it."""
    position = node.raw.get("pos")
    if isinstance(position, list) and len(position) == 2 and all(isinstance(number, (int, float)) for number in position):
        return (position[0] + right_px, position[1] + down_px)
    return (right_px, down_px)
