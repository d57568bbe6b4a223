"""The planner works out its stride itself instead of reading it from the controller, which runs inside the loop."""

from __future__ import annotations

from ...earlier.bring_up import bring_up, is_outdated
from ...editing.graph import Graph
from ...node_kinds import PLANNER
from ..migration import Migration, Options


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    # All nodes at once: which form one has shows only until another that it is wired to is wired anew.
    return bring_up(graph) if any(is_outdated(node) for node in graph.find(type=PLANNER)) else ()


migration = Migration(
    name="planner_own_stride",
    summary="let AudioLoopPlanner work out its stride, so that it can tell the loop how often to run",
    upgrade=_upgrade,
    revision=2,
)
