"""Where data comes from in an editable graph: through Set/Get, reroutes, bypassed nodes and the walls of subgraphs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ...loop_control.geometry import WindowGeometry
from ..broadcasts import broadcast_name, setters
from ..bypass import passed_input
from ..editing.graph import Graph
from ..editing.handles import Input, Node, Output
from ..links import INPUT_BOUNDARY
from ..node_format import BYPASSED, IDLE
from ..node_kinds import CONTROLLER, PLANNER
from . import values
from .values import Fed
from .walk import walk

_REROUTES = frozenset({"Reroute", "ReroutePrimitive"})


def runs(node: Node) -> bool:
    """Whether it is neither muted nor bypassed."""
    return node.mode not in IDLE


def nodes_of(graph: Graph, *types: str) -> tuple[Node, ...]:
    """The nodes of those types that run, at any level."""
    return tuple(node for node in graph.nodes if node.type in types and runs(node))


def has_input(node: Node, name: str) -> bool:
    """Whether the node has an input slot of that name."""
    return any(slot.name == name for slot in node.inputs)


def wired(node: Node) -> dict[str, Output]:
    """The outputs that its inputs are wired to, by name of the input."""
    return {slot.name: source for slot in node.inputs if (source := slot.source) is not None}


def hops(target: Input) -> tuple[tuple[Input, ...], Output | None]:
    """The way back from an input to the node that really feeds it.

    Returns:
        The inputs on the way, `target` first, and the output they read; None if nothing feeds it.
    """
    way: list[Input] = [target]
    while True:
        source = way[-1].source
        if source is None:
            return tuple(way), None
        following = _before(source, target.type)
        if following is None:
            return tuple(way), source
        if following in way:
            return tuple(way), None
        way.append(following)


def origin(target: Input) -> Output | None:
    """The output of a real node that feeds an input, or None."""
    return hops(target)[1]


def _before(source: Output, wanted: Any) -> Input | None:
    """The input whose value comes out of `source` unchanged; None for a node that makes the value itself."""
    level = source.level
    if source.node_id == INPUT_BOUNDARY:
        instances = level.instances
        return _named(instances[0].inputs, source.name) if len(instances) == 1 else None
    node = source.node
    if node is not None and node.type == "GetNode":
        node = _setter(node)
    if node is None:
        return None
    if node.type in _REROUTES or node.type == "SetNode":
        return node.inputs[0] if node.inputs else None
    if node.mode == BYPASSED:
        index = passed_input([slot.type for slot in node.inputs], [slot.type for slot in node.outputs], source.slot, wanted)
        return None if index is None else node.inputs[index]
    definition = node.definition
    if definition is not None:
        return _named(definition.outputs, source.name)
    return None


def _setter(getter: Node) -> Node | None:
    """The SetNode that a GetNode reads: of its own level, else of the nearest level around it."""
    name, level = broadcast_name(getter), getter.level
    while name is not None:
        found = setters(level.nodes).get(name)
        instances = level.instances
        if found is not None or len(instances) != 1:
            return found
        level = instances[0].level
    return None


def _named(slots: tuple[Input, ...], name: str) -> Input | None:
    return next((slot for slot in slots if slot.name == name), None)


def feeding(target: Input) -> Node | None:
    """The real node that feeds an input, or None."""
    source = origin(target)
    return source.node if source is not None else None


def upstream(node: Node, *names: str) -> Iterator[Node]:
    """Every node that runs and that `node` (or the named inputs of it) depends on, nearest first."""

    def feeders(reader: Node) -> Iterator[Node]:
        wanted = names if reader == node else ()
        found = (feeding(slot) for slot in reader.inputs if not wanted or slot.name in wanted)
        return (each for each in found if each is not None)

    return (found for found in walk([node], feeders) if found != node and runs(found))


def depends_on(node: Node, types: Collection[str]) -> bool:
    """Whether a node of one of these types is upstream."""
    return any(found.type in types for found in upstream(node))


def number(node: Node, name: str) -> float | None:
    """The number of an input if the graph says it: its own widget, or a constant that is wired."""
    found = values.number(node, name, _look)
    return None if found is None else float(found)


def geometry(graph: Graph) -> WindowGeometry | None:
    """Window and stride by the first controller or planner whose numbers are written in the graph; None without one."""
    return values.geometry(nodes_of(graph, CONTROLLER, PLANNER), number)


def _look(node: Node, name: str) -> object:
    slot = next((slot for slot in node.inputs if slot.name == name and slot.link is not None), None)
    way, source = hops(slot) if slot is not None else ((), None)
    if source is not None and (source.node is None or runs(source.node)):
        return Fed(source.node, source.slot)
    # A wire that brings nothing leaves the widget's own value: that of the node, or of the subgraph that shows it outside.
    shown = way[-1].node if way else None
    if source is None and shown is not None and shown.definition is not None and way[-1].name in shown.widgets:
        return shown.widgets[way[-1].name]
    return node.widgets.get(name)
