"""The planner that tells a loop how often to run: the one that is there, switched on if need be, or one made for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..editing.graph import Graph
from ..editing.handles import GraphError, Level, Node
from ..editing.places import place
from ..node_format import MUTED
from ..node_kinds import CONTROLLER, LOOP_OPENS, PLANNER
from ..reading.trace import depends_on, runs, wired
from ..reading.values import is_number

_NUMBERS = ("window_seconds", "overlap_seconds", "fps")


class PlannerFound(NamedTuple):
    """A planner that runs, and what had to be done for it, in words."""

    planner: Node
    remarks: tuple[str, ...] = ()


def planner_beside(level: Level | None) -> Node | None:
    """The planner of a level; one that is bypassed or muted counts as there."""
    found = [node for node in level.nodes if node.type == PLANNER] if level is not None else []
    running = [node for node in found if runs(node)]
    return running[0] if running else found[0] if len(found) == 1 else None


def planners_around(level: Level) -> tuple[Node, ...]:
    """The planner of a level, else those of the levels around every subgraph node that stands for it; () if one has none."""
    planner = planner_beside(level)
    if planner is not None:
        return (planner,)
    around = [planners_around(instance.level) for instance in level.instances]
    return tuple(dict.fromkeys(each for found in around for each in found)) if all(around) else ()


def switched_on(graph: Graph, node: Node) -> Iterator[str]:
    """Lets a node run that was bypassed or muted; says so."""
    if not runs(node):
        yield f"{node} was {'muted' if node.mode == MUTED else 'bypassed'} and is switched on: the loop takes its numbers"
        graph.bypass(node, on=False)


def planner_for(graph: Graph, node: Node, *, make: bool = True) -> PlannerFound | None:
    """The planner in the level of `node`, if it does not hang on a loop; None if there is none and none can be made.

    A planner that is bypassed or muted is switched on. One that is missing is made from a controller of that level.

    Args:
        graph: The graph; changed.
        node: The node that needs the planner.
        make: Whether one that is missing is made.
    """
    planner = planner_beside(node.level)
    if planner is not None:
        return None if depends_on(planner, LOOP_OPENS) else PlannerFound(planner, tuple(switched_on(graph, planner)))
    controller = next((n for n in node.level.nodes if n.type == CONTROLLER and _has_song(n)), None)
    return planner_like(graph, controller) if make and controller is not None else None


def planner_like(graph: Graph, controller: Node) -> PlannerFound:
    """Adds a planner with the song, window, overlap and rate of a controller."""
    planner = graph.add(PLANNER, level=controller.level, role="planner", pos=place(controller, 0.0, -520.0))
    return PlannerFound(planner, tuple(_filled(graph, planner, controller)))


def _filled(graph: Graph, planner: Node, controller: Node) -> Iterator[str]:
    values = controller.widgets
    for name in _NUMBERS:
        value = values.get(name)
        if is_number(value):
            planner.widgets[name] = value
    sources = wired(controller)
    for name in ("audio", *_NUMBERS):
        source = sources.get(name)
        if source is None:
            continue
        try:
            graph.connect(source, planner.input(name))
        except GraphError as error:
            yield f"{planner}: {name} cannot be wired as it is at {controller}: {error}"
    yield f"{planner} is new: it plans the loop from what {controller} has"


def _has_song(controller: Node) -> bool:
    return runs(controller) and "audio" in wired(controller)
