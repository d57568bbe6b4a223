"""Inputs and outputs that a node of today has and the file does not show.

Older frontends listed a widget among a node's inputs only once it was wired; later ones list all. Outputs are only ever
added at the end, so a file from before shows fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import links as link_form
from . import sockets
from .earlier.bring_up import is_outdated
from .links import Link
from .schemas import NodeSchema

if TYPE_CHECKING:
    from .graph import Graph
    from .handles import Node


def complete(graph: Graph) -> None:
    """Shows every input and output of every known node; nothing that the file has is changed or moved to another name.

    A node of an earlier form stays as it is: its outputs tell which form that is (see `earlier`).
    """
    for level in graph.levels:
        moved: dict[int, int] = {}
        for node in level.nodes:
            schema = node.schema
            if schema is not None and node.definition is None and not is_outdated(node):
                moved.update(_complete(node, schema))
        if moved:
            _renumber(level.raw, moved)
    graph.reindex()


def complete_node(node: Node) -> bool:
    """The same for one node; returns whether anything was missing."""
    schema = node.schema
    if schema is None or node.definition is not None:
        return False
    before = len(node.inputs)
    moved = _complete(node, schema)
    if moved:
        _renumber(node.level.raw, moved)
    node.level.graph.reindex()
    return len(node.inputs) > before


def _complete(node: Node, schema: NodeSchema) -> dict[int, int]:
    """Adds what is missing; returns the new slot by link id of the inputs that moved."""
    raw = node.raw
    _outputs(raw, schema)
    listed = raw.get("inputs")
    old = listed if isinstance(listed, list) else []
    names = {slot.get("name") for slot in old if isinstance(slot, dict)}
    linked = [str(slot.get("name")) for slot in old if isinstance(slot, dict) and slot.get("link") is not None]
    wanted = schema.sockets(dict(node.widgets), linked)
    for spec in wanted:
        # An input that was wired while it had no widget key is the same input.
        slot = next((s for s in old if isinstance(s, dict) and s.get("name") == spec.name), None)
        if slot is not None and spec.has_widget and not slot.get("widget"):
            slot["widget"] = {"name": spec.name}
    if all(spec.name in names for spec in wanted):
        return {}
    before = [slot.get("link") if isinstance(slot, dict) else None for slot in old]
    by_name = {slot.get("name"): slot for slot in reversed(old) if isinstance(slot, dict)}
    slots = [by_name.pop(spec.name, None) or sockets.input_slot(spec) for spec in wanted]
    slots += [slot for slot in old if not any(slot is kept for kept in slots)]
    raw["inputs"] = slots
    return {
        slot["link"]: index
        for index, slot in enumerate(slots)
        if isinstance(slot, dict) and slot.get("link") is not None and before[index : index + 1] != [slot["link"]]
    }


def _outputs(raw: dict, schema: NodeSchema) -> None:
    listed = raw.get("outputs")
    outputs = listed if isinstance(listed, list) else []
    names = [slot.get("name") for slot in outputs if isinstance(slot, dict)]
    today = [output.name for output in schema.outputs]
    if len(names) < len(today) and names == today[: len(names)]:
        more = [{"name": output.name, "type": output.type, "links": []} for output in schema.outputs[len(names) :]]
        raw["outputs"] = [*outputs, *more]


def _renumber(level: dict, moved: dict[int, int]) -> None:
    table = level.get("links")
    for index, entry in enumerate(table if isinstance(table, list) else ()):
        if entry is None:
            continue
        link = link_form.read(entry, "links")
        if link.id in moved and link.target_slot != moved[link.id]:
            now = Link(link.id, link.origin_id, link.origin_slot, link.target_id, moved[link.id], link.type)
            table[index] = link_form.write(now, as_object=isinstance(entry, dict), like=entry)


__all__ = ["complete"]
