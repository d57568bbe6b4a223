"""Puts the nodes of a workflow into titled areas of columns, in rows across the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..building.builder import WorkflowBuilder
from ..layout import FOOTER_HEIGHT, TITLE_HEIGHT, Point

PADDING = 24.0
HEADER = 50.0
NODE_GAP = FOOTER_HEIGHT + 12.0
BELOW = FOOTER_HEIGHT + 8.0
# Node types that grow when a run puts pictures on them, or the browser side a button or a line for the last word, with
# the height that they come to. They are saved as small as they are before: the frontend adds what it shows to whatever
# height a node has.
GROWN_HEIGHT = {
    "IterationCheckpoint": 820.0,
    "TensorLoopOpen": 320.0,
    "StreamingVideoSave": 790.0,
    "LoadLoopCheckpoint": 380.0,
    "AudioLoopPicture": 130.0,
}
COLUMN_GAP = 50.0
AREA_GAP = 70.0
ROW_GAP = 110.0


@dataclass(frozen=True)
class Area:
    """A group on the canvas.

    Attributes:
        title: Shown above it.
        columns: Node ids, column by column from left to right, each from top to bottom.
        color: Of its frame.
    """

    title: str
    columns: Sequence[Sequence[int]]
    color: str = "#3f789e"


def arrange(builder: WorkflowBuilder, rows: Sequence[Sequence[Area]]) -> None:
    """Places every node and adds the groups.

    Raises:
        ValueError: A node of the top level stands in no area, or in two.
    """
    listed = [node_id for row in rows for area in row for column in area.columns for node_id in column]
    missing, twice = set(builder.level.nodes) - set(listed), {n for n in listed if listed.count(n) > 1}
    if missing or twice:
        raise ValueError(f"nodes in no area: {sorted(missing)}; in two: {sorted(twice)}")
    sizes = {node["id"]: (node["size"][0], node["size"][1]) for node in builder.workflow()["nodes"]}
    y = 0.0
    for row in rows:
        x = bottom = 0.0
        for area in row:
            width, height = _place(builder, area, sizes, x, y)
            builder.group(area.title, bounding=(x, y, width, height), color=area.color)
            x += width + AREA_GAP
            bottom = max(bottom, y + height)
        y = bottom + ROW_GAP


def _place(builder: WorkflowBuilder, area: Area, sizes: dict[int, Point], left: float, top: float) -> Point:
    x, lowest = left + PADDING, top
    for column in area.columns:
        y, widest = top + HEADER, 0.0
        for node_id in column:
            record = builder.level.nodes[node_id]
            record.look = replace(record.look, pos=(x, y + TITLE_HEIGHT))
            width, height = sizes[node_id]
            y += TITLE_HEIGHT + max(height, GROWN_HEIGHT.get(record.type, 0.0)) + NODE_GAP
            widest = max(widest, width)
        x += widest + COLUMN_GAP
        lowest = max(lowest, y)
    return x - COLUMN_GAP + PADDING - left, lowest - NODE_GAP + BELOW - top
