"""The stride of a graph's loop, where its numbers say it."""

from __future__ import annotations

from ...loop_control.errors import PlanError
from ...loop_control.geometry import WindowGeometry, make_geometry
from ..editing.graph import Graph
from ..node_kinds import CONTROLLER, PLANNER
from .trace import nodes_of, number


def geometry(graph: Graph) -> WindowGeometry | None:
    """Window and stride by the first controller or planner whose numbers are written in the graph; None without one."""
    for node in nodes_of(graph, CONTROLLER, PLANNER):
        values = [number(node, name) for name in ("window_seconds", "overlap_seconds", "fps")]
        if None in values:
            continue
        window, overlap, fps = values
        try:
            return make_geometry(window or 0, overlap or 0, fps or 0)
        except PlanError:
            continue
    return None
