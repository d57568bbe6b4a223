"""The inputs and outputs of a subgraph: added and removed inside and at every instance at once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from . import sockets
from .document import Document
from .handles import GraphError, Input, Output
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId

if TYPE_CHECKING:
    from .level import Level


def add_boundary(level: Level, side: str, name: str, kind: str) -> Output | Input:
    """Adds a boundary slot (`side` "inputs" or "outputs") to a subgraph and to every instance of it."""
    _refuse_root(level)
    slots = level.raw.setdefault(side, [])
    if any(slot.get("name") == name for slot in slots):
        raise GraphError(f"{level} has two {side} called {name!r}")
    identity = uuid.uuid5(uuid.NAMESPACE_OID, f"{level.id}/{side}/{name}")
    last = slots[-1].get("pos") if slots else None
    pos = [last[0], last[1] + 20] if isinstance(last, list) and len(last) == 2 else [0, 0]
    level.graph.edits += 1
    slots.append({"id": str(identity), "name": name, "type": kind, "linkIds": [], "pos": pos})
    for instance in level.instances:
        slot: Document = {"name": name, "type": kind, **({"link": None} if side == "inputs" else {"links": []})}
        instance.raw.setdefault(side, []).append(slot)
    index = len(slots) - 1
    return Output(level, INPUT_BOUNDARY, index) if side == "inputs" else Input(level, OUTPUT_BOUNDARY, index)


def remove_boundary(level: Level, side: str, name: str) -> None:
    """Removes a boundary slot from a subgraph and from every instance of it, with all links."""
    _refuse_root(level)
    slot = level.input(name) if side == "inputs" else level.output(name)
    index = slot.slot
    for instance in level.instances:
        outer = next((s for s in (instance.inputs if side == "inputs" else instance.outputs) if s.name == name), None)
        if outer is not None:
            _remove_slot(instance.level, instance.id, side, outer.slot, instance.raw[side])
    boundary = INPUT_BOUNDARY if side == "inputs" else OUTPUT_BOUNDARY
    _remove_slot(level, boundary, "outputs" if side == "inputs" else "inputs", index, level.raw[side])


def _remove_slot(level: Level, node: NodeId, side: str, index: int, slots: list[Document]) -> None:
    """Removes slot `index` of a list; links to it go, links to later slots move up."""
    for link in level.table.entering(node) if side == "inputs" else level.table.leaving(node):
        slot = link.target_slot if side == "inputs" else link.origin_slot
        if slot == index:
            sockets.erase(level, link)
        elif slot > index:
            moved = (
                Link(link.id, link.origin_id, link.origin_slot, link.target_id, slot - 1, link.type)
                if side == "inputs"
                else Link(link.id, link.origin_id, slot - 1, link.target_id, link.target_slot, link.type)
            )
            sockets.rewrite(level, moved)
    level.graph.edits += 1
    del slots[index]


def _refuse_root(level: Level) -> None:
    if not level.id:
        raise GraphError("the top level has no boundary")
