"""Where the nodes of the default stand, and how variants make room for theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import notes
from .arrange import Area

Rows = tuple[tuple[Area, ...], ...]

MODELS, PREPARE, INITIAL, VIDEO = "Models", "Prepare once", "Initial render", "Video"
LOOP = "Loop: everything between open and close runs once per window"

ROWS: Rows = (
    (
        Area("Start here", [[2101], [2103, 2102]], notes.NOTE_FRAME),
        Area("Set these four", [[444, 565], [1559, 1527]], notes.SET_FRAME),
        Area("Plan (runs first, shows what will happen)", [[1560], [1563], [1564]]),
        Area("Size and time", [[1634, 688, 2013], [526, 567, 1269], [2203, 2204]]),
        Area(MODELS, [[414, 2014], [416, 1538]]),
    ),
    (
        Area(PREPARE, [[445, 446, 1617], [568, 2009, 507], [1558, 169, 164], [268, 508, 2104]]),
        Area(INITIAL, [[344, 531, 601], [571, 570, 350, 1322], [154, 1421, 153, 161], [245, 1606, 2201]]),
        Area(LOOP, [[1539], [1582, 1616, 2012], [843], [2202], [1540]]),
        Area(VIDEO, [[1605, 1604]]),
    ),
)


def with_columns(rows: Rows, title: str, columns: Sequence[Sequence[int]]) -> Rows:
    """The rows with other columns in the area of this title.

    Raises:
        ValueError: No area has this title.
    """
    if not any(area.title == title for row in rows for area in row):
        raise ValueError(f"no area is called {title!r}")
    return tuple(tuple(replace(area, columns=columns) if area.title == title else area for area in row) for row in rows)
