"""The planner that read its stride from the controller gets window, overlap and frame rate of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..editing.graph import Graph
from ..editing.handles import GraphError, Node
from ..node_kinds import CONTROLLER


def fill(graph: Graph, node: Node, saved: Mapping[str, Any]) -> Iterator[str]:
    """Takes overlap and frame rate from the controller; without one, the overlap from window and stride.

    Args:
        graph: Is changed.
        node: The planner, in today's form.
        saved: The earlier values by name.
    """
    if "overlap_seconds" in saved:
        return
    controllers = [other for other in graph.nodes if other.type == CONTROLLER]
    controllers.sort(key=lambda other: (other.level != node.level, other.mode != 0))
    if controllers:
        yield from _like(graph, node, controllers[0])
        return
    window, stride = saved.get("window_seconds"), saved.get("stride_seconds")
    if isinstance(window, (int, float)) and isinstance(stride, (int, float)) and 0 < window - stride <= window:
        node.widgets["overlap_seconds"] = round(float(window - stride), 6)
        yield f"{node}: overlap_seconds is {node.widgets['overlap_seconds']:g}, what its window and stride leave"
        return
    yield f"{node}: nothing in the graph says the overlap; overlap_seconds is {node.widgets['overlap_seconds']:g}, the default"


def _like(graph: Graph, node: Node, controller: Node) -> Iterator[str]:
    values = controller.widgets
    for name in ("overlap_seconds", "fps"):
        value = values.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                node.widgets[name] = value
            except ValueError as error:
                yield f"{node}: {name} of {controller} is not taken over: {error}"
        source = next((slot.source for slot in controller.inputs if slot.name == name and slot.source is not None), None)
        if source is None or node.input(name).link is not None:
            continue
        if controller.level != node.level:
            yield f"{node}: {name} of {controller} is wired inside a subgraph; the planner has the value {node.widgets[name]!r}"
            continue
        try:
            with graph.guard():
                graph.connect(source, node.input(name))
        except GraphError as error:
            yield f"{node}: {name} cannot be wired as it is at {controller}: {error}"
