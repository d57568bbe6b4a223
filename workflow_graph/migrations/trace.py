"""Where data comes from in an editable graph: through Set/Get, reroutes, bypassed nodes and the walls of subgraphs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..editing.graph import Graph
from ..editing.handles import Input, Level, Node, Output
from ..links import INPUT_BOUNDARY
from ..node_format import BYPASSED, IDLE, MUTED
from ..node_kinds import PLANNER
from ..schemas import is_valid_connection

_REROUTES = frozenset({"Reroute", "ReroutePrimitive"})


def runs(node: Node) -> bool:
    """Whether it is neither muted nor bypassed."""
    return node.mode not in IDLE


def nodes_of(graph: Graph, *types: str) -> tuple[Node, ...]:
    """The nodes of those types that run, at any level."""
    return tuple(node for node in graph.nodes if node.type in types and runs(node))


def planner_beside(level: Level | None) -> Node | None:
    """The planner of a level; one that is bypassed or muted counts as there."""
    found = [node for node in level.nodes if node.type == PLANNER] if level is not None else []
    running = [node for node in found if runs(node)]
    return running[0] if running else found[0] if len(found) == 1 else None


def switched_on(graph: Graph, node: Node) -> Iterator[str]:
    """Lets a node run that was bypassed or muted; says so."""
    if not runs(node):
        yield f"{node} was {'muted' if node.mode == MUTED else 'bypassed'} and is switched on: the loop takes its numbers"
        graph.bypass(node, on=False)


def has_input(node: Node, name: str) -> bool:
    """Whether the node has an input slot of that name."""
    return any(slot.name == name for slot in node.inputs)


def broadcast_name(node: Node) -> str | None:
    """The name that a SetNode or GetNode carries."""
    values = node.raw.get("widgets_values")
    name = values[0] if isinstance(values, list) and values else None
    return name if isinstance(name, str) and name else None


def hops(target: Input) -> tuple[tuple[Input, ...], Output | None]:
    """The way back from an input to the node that really feeds it.

    Returns:
        The inputs on the way, `target` first, and the output they read; None where nothing feeds it.
    """
    way: list[Input] = [target]
    while True:
        source = way[-1].source
        if source is None:
            return tuple(way), None
        following = _before(source)
        if following is None:
            return tuple(way), source
        if following in way:
            return tuple(way), None
        way.append(following)


def origin(target: Input) -> Output | None:
    """The output of a real node that feeds an input, or None."""
    return hops(target)[1]


def _before(source: Output) -> Input | None:
    """The input whose value comes out of `source` unchanged; None for a node that makes the value itself."""
    level = source.level
    if source.node_id == INPUT_BOUNDARY:
        instances = level.instances
        return _named(instances[0].inputs, source.name) if len(instances) == 1 else None
    node = source.node
    if node is None:
        return None
    if node.type == "GetNode":
        name = broadcast_name(node)
        setter = next((n for n in level.nodes if n.type == "SetNode" and name and broadcast_name(n) == name), None)
        return setter.inputs[0] if setter is not None and setter.inputs else None
    if node.type in _REROUTES or node.type == "SetNode":
        return node.inputs[0] if node.inputs else None
    if node.mode == BYPASSED:
        return next((slot for slot in node.inputs if slot.link and is_valid_connection(slot.type, source.type)), None)
    definition = node.definition
    if definition is not None:
        return _named(definition.outputs, source.name)
    return None


def _named(slots: tuple[Input, ...], name: str) -> Input | None:
    return next((slot for slot in slots if slot.name == name), None)


def upstream(node: Node, *names: str) -> Iterator[Node]:
    """Every node that runs and that `node` (or the named inputs of it) depends on, nearest first."""
    waiting = [slot for slot in node.inputs if not names or slot.name in names]
    seen: set[Node] = {node}
    while waiting:
        source = origin(waiting.pop(0))
        found = source.node if source is not None else None
        if found is None or found in seen:
            continue
        seen.add(found)
        if runs(found):
            yield found
        waiting.extend(found.inputs)


def depends_on(node: Node, types: Collection[str]) -> bool:
    """Whether a node of one of these types is upstream."""
    return any(found.type in types for found in upstream(node))


def constant(target: Input) -> object:
    """The value of a constant node that feeds an input, None where none does."""
    source = origin(target)
    node = source.node if source is not None else None
    if node is None or node.type not in ("FloatConstant", "INTConstant", "PrimitiveFloat", "PrimitiveInt"):
        return None
    return node.widgets.get("value")


def number(node: Node, name: str) -> float | None:
    """The number of an input where the graph says it: its own widget, or a constant that is wired."""
    slot = next((slot for slot in node.inputs if slot.name == name and slot.link is not None), None)
    value = constant(slot) if slot is not None else node.widgets.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
