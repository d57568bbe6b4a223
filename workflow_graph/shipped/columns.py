"""Node ids in columns, and how variants make room for theirs among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Columns = Sequence[Sequence[int]]
"""Node ids, column by column from left to right, each from top to bottom."""

Change = Callable[[Columns, int, int], Columns]
"""From columns, a column's place and a node's place in it to other columns."""


def put_below(columns: Columns, above: int, node_ids: Sequence[int]) -> Columns:
    """The columns with nodes put under another one, in its column."""

    def change(columns: Columns, c: int, n: int) -> Columns:
        return [*columns[:c], [*columns[c][: n + 1], *node_ids, *columns[c][n + 1 :]], *columns[c + 1 :]]

    return _changed(columns, above, change)


def put_right_of(columns: Columns, left: int, node_ids: Sequence[int]) -> Columns:
    """The columns with a new one, right of the column of another node."""
    return _changed(columns, left, lambda columns, c, _: [*columns[: c + 1], list(node_ids), *columns[c + 1 :]])


def take_out(columns: Columns, node_id: int) -> Columns:
    """The columns without a node."""

    def change(columns: Columns, c: int, n: int) -> Columns:
        return [*columns[:c], [*columns[c][:n], *columns[c][n + 1 :]], *columns[c + 1 :]]

    return _changed(columns, node_id, change)


def _changed(columns: Columns, node_id: int, change: Change) -> Columns:
    for c, column in enumerate(columns):
        if node_id in column:
            return [column for column in change(columns, c, list(column).index(node_id)) if column]
    raise ValueError(f"node {node_id} stands in no column")
