"""The changes in meaning between two workflows: nodes, links by name, widget values by name; not ids of links, not places."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .document import Document, Kind, kind
from .frontend.loaded_view import FrontendLevel, FrontendView
from .links import INPUT_BOUNDARY
from .schemas import Schemas


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        what: "added", "removed" or "changed".
        where: Level and node, as in "843:12 KSampler".
        field: "" for a whole node; "type", "title", "mode", "role" of the node itself; or an input, widget or output by name,
            with " (input)" behind it if the node itself has something of that name.
        old: Value before, None if added.
        new: Value after, None if removed.
    """

    what: str
    where: str
    field: str = ""
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        if self.what == "added":
            return f"+ {self.where}" + (f".{self.field} = {_text(self.new)}" if self.field else "")
        if self.what == "removed":
            return f"- {self.where}" + (f".{self.field} = {_text(self.old)}" if self.field else "")
        return f"~ {self.where}.{self.field}: {_text(self.old)} -> {_text(self.new)}"


def diff(old: Document, new: Document) -> tuple[Change, ...]:
    """The differences between two documents of the same kind; empty if they mean the same.

    Nodes are matched by id within the level of the same name.

    Raises:
        DocumentError: One cannot be read.
        ValueError: One is a UI workflow and the other an API prompt.
    """
    if kind(old) is not kind(new):
        raise ValueError(
            f"the first is a {kind(old).value}, the second a {kind(new).value}; convert the workflow with to-api first"
        )
    known = Schemas.load()
    return tuple(_compare(_meaning(old, known), _meaning(new, known)))


def diff_of_views(old: FrontendView, new: FrontendView) -> tuple[Change, ...]:
    """The differences between two UI documents that are read already; as `diff`."""
    return tuple(_compare(_meaning_of_view(old), _meaning_of_view(new)))


def _compare(old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    for where in old:
        if where not in new:
            yield Change("removed", _named(where, old[where]))
    for where, fields in new.items():
        name = _named(where, fields)
        if where not in old:
            yield Change("added", name)
            continue
        before = old[where]
        for field in [*before, *(field for field in fields if field not in before)]:
            if field not in fields:
                yield Change("removed", name, field, before[field])
            elif field not in before:
                yield Change("added", name, field, new=fields[field])
            elif not _same(before[field], fields[field]):
                yield Change("changed", name, field, before[field], fields[field])


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _named(where: str, fields: Mapping[str, Any]) -> str:
    return f"{where} {fields['type']}" if "type" in fields else where


def _meaning(document: Document, schemas: Schemas) -> dict[str, dict[str, Any]]:
    if kind(document) is Kind.PROMPT:
        return {
            identity: _fields(
                {"type": node["class_type"], "title": (node.get("_meta") or {}).get("title")}, node.get("inputs") or {}
            )
            for identity, node in document.items()
        }
    return _meaning_of_view(FrontendView(document, schemas))


def _meaning_of_view(view: FrontendView) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = {}
    names: dict[str, int] = {}
    for level in [view.root, *view.subgraphs.values()]:
        prefix = ""
        if level.id:
            names[level.name] = names.get(level.name, 0) + 1
            prefix = f"{level.name}{'' if names[level.name] == 1 else ' #' + str(names[level.name])}/"
            result[prefix.rstrip("/")] = _boundary(level)
        for node in level.nodes.values():
            result[f"{prefix}{node.id}"] = _node(level, node)
    return result


def _boundary(level: FrontendLevel) -> dict[str, Any]:
    fields: dict[str, Any] = {"inputs": [f"{slot.name} {slot.type}" for slot in level.inputs]}
    for slot, boundary in enumerate(level.outputs):
        link = level.output_link(slot)
        fields[f"output {boundary.name}"] = None if link is None else _source(level, link.id)
    return fields


def _fields(own: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a node itself, and its inputs; DualCLIPLoader has an input `type`, TensorLoopOpen one called `mode`."""
    return {**own, **{f"{name} (input)" if name in own else name: value for name, value in inputs.items()}}


def _node(level: FrontendLevel, node: Any) -> dict[str, Any]:
    kind_name = f"subgraph {node.definition.name}" if node.definition is not None else node.type
    fields: dict[str, Any] = {}
    saved = node.view.widgets_values
    if node.schema is None and node.definition is None and isinstance(saved, list):
        fields.update({f"#{index}": value for index, value in enumerate(saved)})
    fields.update(node.values)
    for socket in node.sockets:
        if socket.link is not None:
            fields[socket.name] = _source(level, socket.link)
    return _fields({"type": kind_name, "title": node.title, "mode": node.mode, "role": node.view.role}, fields)


def _source(level: FrontendLevel, link_id: int) -> str:
    link = level.links.get(link_id)
    if link is None:
        return "a link that does not exist"
    if link.origin_id == INPUT_BOUNDARY:
        inputs = level.inputs
        return f"<- input {inputs[link.origin_slot].name}" if 0 <= link.origin_slot < len(inputs) else "<- a missing input"
    origin = level.nodes.get(link.origin_id)
    outputs = origin.view.outputs if origin is not None else ()
    name = outputs[link.origin_slot].name if 0 <= link.origin_slot < len(outputs) else str(link.origin_slot)
    return f"<- {link.origin_id}.{name}"


def _text(value: Any) -> str:
    if isinstance(value, str) and value.startswith("<- "):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"
