"""Loops of other packs become TensorLoopOpen and TensorLoopClose."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Node
from ...editing.places import place

LOOPED = frozenset({"IMAGE", "MASK", "LATENT"})
_OUTPUTS = ("flow_control", "previous_value", "accumulated_count", "current_iteration")
_NO_LIMIT = 100000


def opened(graph: Graph, node: Node) -> Iterator[str]:
    """TensorForLoopOpen: its count becomes the number of iterations."""
    names: dict[str, str | None] = {"count": "iterations_in"}
    yield from _open(graph, node, names, _count(node, "count"))


def opened_while(graph: Graph, node: Node) -> Iterator[str]:
    """TensorWhileLoopOpen: only its condition ends it, which is at the closing node."""
    names: dict[str, str | None] = {}
    for slot in node.inputs:
        if slot.name == "initial_value":
            continue
        is_value = str(slot.type) in LOOPED and "initial_value" not in names.values()
        names[slot.name] = "initial_value" if is_value else None
        if names[slot.name] is None and slot.link:
            yield f"{node}: its input {slot.name!r} has no place in TensorLoopOpen; its wire is gone"
    limit = _count(node, "max_iterations")
    yield from _open(graph, node, names, limit if limit > 1 else _NO_LIMIT)


def _open(graph: Graph, node: Node, names: dict[str, str | None], count: int) -> Iterator[str]:
    outputs: dict[str, str | None] = {}
    for slot in node.outputs:
        outputs[slot.name] = slot.name if slot.name in _OUTPUTS else None
        if outputs[slot.name] is None and slot.targets:
            yield f"{node}: its {slot.name} fed {', '.join(str(t.node) for t in slot.targets)} and is gone"
    if any(slot.type == "LATENT" for slot in (s.source for s in node.inputs) if slot is not None):
        yield f"{node}: latents are joined in time; there they were joined as a batch"
    graph.swap(
        node,
        "TensorLoopOpen",
        inputs=names,
        outputs=outputs,
        widgets=dict.fromkeys(node.widgets),
        values={"mode": "iterations", "mode.iterations": min(max(count, 0), _NO_LIMIT)},
    )


def _count(node: Node, name: str) -> int:
    values = node.widgets
    found = values.get(name)
    if found is None:
        found = next((v for v in values.values() if isinstance(v, int) and not isinstance(v, bool)), 0)
    return found if isinstance(found, int) else 0


def closed(graph: Graph, node: Node) -> Iterator[str]:
    """TensorForLoopClose and TensorWhileLoopClose; "go on while" becomes the opposite of `stop`."""
    names: dict[str, str | None] = {}
    condition = None
    for slot in node.inputs:
        if slot.name in ("flow_control", "processed", "accumulate", "stop"):
            continue
        if str(slot.type) in LOOPED and "processed" not in (*names.values(), *(s.name for s in node.inputs)):
            names[slot.name] = "processed"
        elif str(slot.type) == "FLOW_CONTROL":
            names[slot.name] = "flow_control"
        else:
            names[slot.name] = None
            if slot.name in ("condition", "continue", "while") and slot.source is not None:
                condition = slot.source
            elif slot.link:
                yield f"{node}: its input {slot.name!r} has no place in TensorLoopClose; its wire is gone"
    kept = next((v for v in node.widgets.values() if isinstance(v, bool)), True)
    graph.swap(
        node,
        "TensorLoopClose",
        inputs=names,
        outputs={slot.name: "output" for slot in node.outputs if slot.targets},
        widgets=dict.fromkeys(node.widgets),
        values={"accumulate": kept},
    )
    if condition is not None:
        opposite = graph.add("ComfyNotNode", level=node.level, title="Stop when not", pos=place(node, -260.0, 160.0))
        graph.connect(condition, opposite.input("value"))
        graph.connect(opposite.output(), node.input("stop"))


REPLACED = {
    "TensorForLoopOpen": opened,
    "TensorForLoopClose": closed,
    "TensorWhileLoopOpen": opened_while,
    "TensorWhileLoopClose": closed,
}
