"""Inputs and outputs that a node of today has and the file does not show.

Older frontends listed a widget among a node's inputs only once it was wired; later ones list all. Outputs are only ever
added at the end, so a file from before shows fewer.
"""

from __future__ import annotations

from collections.abc import Iterable

from .. import links as link_form
from ..document import Document
from ..links import NodeId
from ..schemas import NodeSchema
from . import sockets
from .graph_state import GraphState


def complete_node(state: GraphState, level: str, node: NodeId) -> bool:
    """Shows every input and output of a node; returns whether an input was missing."""
    raw = state.node(level, node)
    before = len(raw.get("inputs") or ())
    if complete_nodes(state, level, [node]):
        state.reindex()
    return len(raw.get("inputs") or ()) > before


def complete_nodes(state: GraphState, level: str, nodes: Iterable[NodeId]) -> bool:
    """Shows every input and output of the known ones among some nodes; if true, `state` has to be read anew."""
    known, moved = False, dict[int, int]()
    for node in nodes:
        raw = state.node(level, node)
        schema = state.schema(raw)
        if schema is not None and not state.is_definition(str(raw["type"])):
            known = True
            moved.update(_complete(raw, schema))
    if moved:
        _renumber(state.raw_level(level), moved)
    return known


def _complete(raw: Document, schema: NodeSchema) -> dict[int, int]:
    """Adds what is missing; returns the new slot by link id of the inputs that moved."""
    _outputs(raw, schema)
    listed = raw.get("inputs")
    old = listed if isinstance(listed, list) else []
    names = {slot.get("name") for slot in old if isinstance(slot, dict)}
    linked = [str(slot.get("name")) for slot in old if isinstance(slot, dict) and slot.get("link") is not None]
    wanted = schema.sockets(schema.read_widgets(raw.get("widgets_values")), linked)
    for spec in wanted:
        # An input that was wired while it had no widget key is the same input.
        slot = next((s for s in old if isinstance(s, dict) and s.get("name") == spec.name), None)
        if slot is not None and spec.has_widget and not slot.get("widget"):
            slot["widget"] = {"name": spec.name}
    if all(spec.name in names for spec in wanted):
        return {}
    before = [slot.get("link") if isinstance(slot, dict) else None for slot in old]
    by_name = {slot.get("name"): slot for slot in reversed(old) if isinstance(slot, dict)}
    slots = [by_name.pop(spec.name) if by_name.get(spec.name) else sockets.input_slot(spec) for spec in wanted]
    slots += [slot for slot in old if not any(slot is kept for kept in slots)]
    raw["inputs"] = slots
    return {
        slot["link"]: index
        for index, slot in enumerate(slots)
        if isinstance(slot, dict) and slot.get("link") is not None and before[index : index + 1] != [slot["link"]]
    }


def _outputs(raw: Document, schema: NodeSchema) -> None:
    listed = raw.get("outputs")
    outputs = listed if isinstance(listed, list) else []
    names = [slot.get("name") for slot in outputs if isinstance(slot, dict)]
    today = [output.name for output in schema.outputs]
    if len(names) < len(today) and names == today[: len(names)]:
        more = [{"name": output.name, "type": output.type, "links": []} for output in schema.outputs[len(names) :]]
        raw["outputs"] = [*outputs, *more]


def _renumber(level: Document, moved: dict[int, int]) -> None:
    listed = level.get("links")
    table = listed if isinstance(listed, list) else []
    for index, entry in enumerate(table):
        if entry is None:
            continue
        link = link_form.read(entry, "links")
        if link.id in moved and link.target_slot != moved[link.id]:
            now = link._replace(target_slot=moved[link.id])
            table[index] = link_form.write(now, as_object=isinstance(entry, dict), like=entry)
