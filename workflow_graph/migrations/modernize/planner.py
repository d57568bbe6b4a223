"""A loop without a planner gets one: window, frames and the length of the video come from its plan."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...node_kinds import CONTROLLER
from ..planners import planner_for

NEEDED_BY = ("LTXVAudioVideoMask", "VHS_VideoCombine")


def provide(graph: Graph) -> Iterator[str]:
    """Adds a planner beside each controller that has none, or switches on the one that is there."""
    if not any(graph.find(type=kind) for kind in NEEDED_BY):
        return
    for controller in graph.find(type=CONTROLLER):
        found = planner_for(graph, controller)
        if found is not None:
            yield from found.remarks
