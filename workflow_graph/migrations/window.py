"""The stride of a graph's loop, where its numbers say it."""

from __future__ import annotations

from ...loop_control.geometry import WindowGeometry
from ..editing.graph import Graph
from ..node_kinds import CONTROLLER, PLANNER
from ..reading import values
from ..reading.trace import nodes_of, number


def geometry(graph: Graph) -> WindowGeometry | None:
    """Window and stride by the first controller or planner whose numbers are written in the graph; None without one."""
    return values.geometry(nodes_of(graph, CONTROLLER, PLANNER), number)
