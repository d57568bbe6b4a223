"""The inputs of a subgraph: added and removed inside and at every instance at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from ..document import Document
from ..links import INPUT_BOUNDARY, Link
from . import sockets
from .graph_state import GraphError
from .handles import Level, Output


def add_input(level: Level, name: str, kind: str) -> Output:
    """Adds an input to a subgraph and to every instance of it; returns the output that it is inside."""
    _refuse_root(level)
    slots = level.raw.setdefault("inputs", [])
    if any(slot.get("name") == name for slot in slots):
        raise GraphError(f"{level} has two inputs called {name!r}")
    identity = uuid.uuid5(uuid.NAMESPACE_OID, f"{level.id}/inputs/{name}")
    last = slots[-1].get("pos") if slots else None
    pos = [last[0], last[1] + 20] if isinstance(last, list) and len(last) == 2 else [0, 0]
    level.state.edits += 1
    slots.append({"id": str(identity), "name": name, "type": kind, "linkIds": [], "pos": pos})
    for instance in level.instances:
        instance.raw.setdefault("inputs", []).append({"name": name, "type": kind, "link": None})
    return Output(level, INPUT_BOUNDARY, len(slots) - 1)


def remove_input(level: Level, name: str) -> None:
    """Removes an input from a subgraph and from every instance of it, with all links."""
    _refuse_root(level)
    index = level.input(name).slot
    for instance in level.instances:
        outer = next((slot.slot for slot in instance.inputs if slot.name == name), None)
        if outer is not None:
            entering = [(link, link.target_slot, "target_slot") for link in instance.level.table.entering(instance.id)]
            _remove_slot(instance.level, instance.raw["inputs"], outer, entering)
    leaving = [(link, link.origin_slot, "origin_slot") for link in level.table.leaving(INPUT_BOUNDARY)]
    _remove_slot(level, level.raw["inputs"], index, leaving)


def _remove_slot(level: Level, slots: list[Document], index: int, links: Iterable[tuple[Link, int, str]]) -> None:
    """Removes slot `index` of a list; links (with their slot there, and its name) to it go, links to later ones move up."""
    for link, slot, end in links:
        if slot == index:
            sockets.erase(level.state, level.id, link)
        elif slot > index:
            sockets.rewrite(level.state, level.id, link._replace(**{end: slot - 1}))
    level.state.edits += 1
    del slots[index]


def _refuse_root(level: Level) -> None:
    if not level.id:
        raise GraphError("the top level has no boundary")
