"""A loop without a planner gets one: window, frames and the length of the video come from its plan."""

from __future__ import annotations

from collections.abc import Iterator

from ...graph import Graph
from ...handles import GraphError, Node
from ..trace import PLANNER, planner_beside, runs, switched_on
from .places import place

NEEDED_BY = ("LTXVAudioVideoMask", "VHS_VideoCombine")


def provide(graph: Graph) -> Iterator[str]:
    """Adds a planner beside each controller that has none, or switches on the one that is there."""
    if not any(graph.find(type=kind) for kind in NEEDED_BY):
        return
    for controller in graph.find(type="AudioLoopController"):
        found = planner_beside(controller.level)
        if found is not None:
            yield from switched_on(graph, found)
        elif runs(controller) and controller.input("audio").source is not None:
            yield from _like(graph, controller)


def _like(graph: Graph, controller: Node) -> Iterator[str]:
    planner = graph.add(PLANNER, level=controller.level, role="planner", pos=place(controller, 0.0, -520.0))
    values = controller.widgets
    for name in ("window_seconds", "overlap_seconds", "fps"):
        value = values.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            planner.widgets[name] = value
    for name in ("audio", "window_seconds", "overlap_seconds", "fps"):
        source = controller.input(name).source
        if source is None:
            continue
        try:
            graph.connect(source, planner.input(name))
        except GraphError as error:
            yield f"{planner}: {name} cannot be wired as it is at {controller}: {error}"
    yield f"{planner} is new: it plans the loop from what {controller} has"
