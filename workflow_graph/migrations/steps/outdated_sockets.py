"""Inputs, outputs and values that were saved under an earlier name or in an earlier order come to today's."""

from __future__ import annotations

from ...earlier.bring_up import bring_up
from ...graph import Graph
from ..migration import Migration, Options


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    return bring_up(graph)


migration = Migration(
    name="outdated_sockets",
    summary="bring nodes that an earlier version or the older pack saved to today's inputs, outputs and order of values",
    upgrade=_upgrade,
    revision=2,
    repeats=True,
)
