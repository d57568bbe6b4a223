"""Where the nodes of the default stand, and how variants make room for theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from . import notes
from .arrange import Area
from .columns import Columns, put_below, put_right_of, take_out
from .video import DOCTOR

Rows = tuple[tuple[Area, ...], ...]

ROWS: Rows = (
    (
        Area("Start here", [[2101], [2103, 2102]], notes.NOTE_FRAME),
        Area("Set these four", [[444, 565], [1559, 1527]], notes.SET_FRAME),
        Area("Plan (runs first, shows what will happen)", [[1560], [1563], [1564]]),
        Area("Size and time", [[1634, 688, 2013], [526, 567, 1269], [2203, 2204]]),
        Area("Models", [[414, 2014], [416, 1538]]),
    ),
    (
        Area("Prepare once", [[447, 445, 446, 1617], [2009, 507], [1558, 169, 164], [268, 508, 2104]]),
        Area("Initial render", [[344, 531, 601], [571, 570, 350, 1322], [154, 1421, 153, 161], [245, 1606, 2201]]),
        Area(
            "Loop: everything between open and close runs once per window", [[1539], [1582, 1616, 2012], [843], [2202], [1540]]
        ),
        Area("Video", [[1605, 1604], [DOCTOR]]),
    ),
)


def below(rows: Rows, above: int, *node_ids: int) -> Rows:
    """The rows with nodes put under another one, in its column."""
    return _changed(rows, above, lambda columns: put_below(columns, above, node_ids))


def right_of(rows: Rows, left: int, *node_ids: int) -> Rows:
    """The rows with a new column of nodes, right of the column of another one."""
    return _changed(rows, left, lambda columns: put_right_of(columns, left, node_ids))


def without(rows: Rows, *node_ids: int) -> Rows:
    """The rows without nodes that a variant does not have."""
    for node_id in node_ids:
        rows = _changed(rows, node_id, partial(take_out, node_id=node_id))
    return rows


def renamed(rows: Rows, title: str, new: str) -> Rows:
    """The rows with another title for one area."""
    return tuple(tuple(replace(area, title=new) if area.title == title else area for area in row) for row in rows)


def _changed(rows: Rows, node_id: int, change: Callable[[Columns], Columns]) -> Rows:
    """The rows with the columns of the area changed in which a node stands."""
    for y, row in enumerate(rows):
        for x, area in enumerate(row):
            if any(node_id in column for column in area.columns):
                changed = (*row[:x], replace(area, columns=change(area.columns)), *row[x + 1 :])
                return (*rows[:y], changed, *rows[y + 1 :])
    raise ValueError(f"node {node_id} stands in no area")
