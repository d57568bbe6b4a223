"""Input slots as JSON: made from schemas, kept in step with widget values and with the link table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Document
from ..links import Link, NodeId
from ..node_format import OPTIONAL_SHAPE
from ..schemas import InputSpec, NodeSchema
from .graph_state import GraphState


def input_slot(spec: InputSpec, link: int | None = None) -> Document:
    """The JSON object of an input slot."""
    slot: Document = {"name": spec.name, "type": spec.type}
    if not spec.required:
        slot["shape"] = OPTIONAL_SHAPE
    if spec.has_widget:
        slot["widget"] = {"name": spec.name}
    slot["link"] = link
    return slot


def resync(state: GraphState, level: str, node: NodeId, schema: NodeSchema, values: Mapping[str, Any]) -> None:
    """Brings a node's input slots in line with its schema and widget values; links move with their slots.

    Links of slots that another choice of a DynamicCombo had are removed. A wired slot of a name that the schema does not know
    stays, behind the others: an earlier version of the node had it, and what is wired there must not get lost on the way.
    """
    raw = state.node(level, node)
    old = {str(slot.get("name")): slot for slot in raw.get("inputs") or ()}
    linked = [name for name, slot in old.items() if slot.get("link") is not None]
    wanted = schema.sockets(values, linked)
    slots = []
    for spec in wanted:
        slot = old.pop(spec.name, None)
        slots.append(slot if slot is not None else input_slot(spec))
    groups = {spec.name for spec in schema.inputs}
    for name, slot in old.items():
        if slot.get("link") is not None and not (name.split(".")[0] in groups and "." in name):
            slots.append(slot)
    dropped = [slot["link"] for slot in old.values() if slot.get("link") is not None and slot not in slots]
    raw["inputs"] = slots
    for link in state.link_table(level).entering(node):
        if link.id in dropped:
            erase(state, level, link)
        else:
            index = next((i for i, slot in enumerate(slots) if slot.get("link") == link.id), None)
            if index is not None and index != link.target_slot:
                rewrite(state, level, link._replace(target_slot=index))


def rewrite(state: GraphState, level: str, link: Link) -> None:
    """Replaces the entry of a link in the link table, in the form that the table is written in."""
    state.edits += 1
    state.link_table(level).replace(link)


def erase(state: GraphState, level: str, link: Link) -> None:
    """Removes a link from the table, its output list, its input and the boundary."""
    state.edits += 1
    raw, table, nodes = state.raw_level(level), state.link_table(level), state.node_index(level)
    table.remove(link.id)
    ends = nodes if link.id in table.strays else [end for end in (link.origin_id, link.target_id) if end in nodes]
    for identity in ends:
        for slot in nodes[identity].get("inputs") or ():
            if slot.get("link") == link.id:
                slot["link"] = None
        for slot in nodes[identity].get("outputs") or ():
            if link.id in (slot.get("links") or ()):
                slot["links"] = [i for i in slot["links"] if i != link.id]
    for slot in [*(raw.get("inputs") or ()), *(raw.get("outputs") or ())] if level else ():
        if link.id in (slot.get("linkIds") or ()):
            slot["linkIds"] = [i for i in slot["linkIds"] if i != link.id]
