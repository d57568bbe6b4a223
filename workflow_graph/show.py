"""A workflow as text: the data path node by node, each after what feeds it, with names instead of positions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..loop_engine.prompt_links import as_link
from .broadcasts import broadcast_name
from .document import Document, Kind, kind
from .frontend.loaded_view import FrontendLevel, FrontendNode, FrontendView
from .links import INPUT_BOUNDARY
from .node_format import BYPASSED, MUTED
from .schemas import Schemas

_MODES = {MUTED: " (muted)", BYPASSED: " (bypassed)"}
_WIDTH = 100


def show(document: Document, schemas: Schemas | None = None, *, width: int = _WIDTH) -> str:
    """The document in words.

    Args:
        document: A UI workflow or an API prompt; unchanged.
        schemas: Known node types; the committed snapshots by default.
        width: Longest widget value in characters; longer ones are cut and say so.

    Raises:
        DocumentError: The document cannot be read.
    """
    if kind(document) is Kind.PROMPT:
        return "\n".join(_prompt(document, width)) + "\n"
    view = FrontendView(document, schemas or Schemas.load())
    lines = list(_level(view.root, width, view))
    for subgraph in view.subgraphs.values():
        lines += ["", f"subgraph {subgraph.name!r}: {_signature(subgraph)}"]
        lines += list(_level(subgraph, width, view))
    return "\n".join(lines) + "\n"


def _signature(level: FrontendLevel) -> str:
    inputs = ", ".join(f"{slot.name} {slot.type}" for slot in level.inputs)
    outputs = ", ".join(f"{slot.name} {slot.type}" for slot in level.outputs)
    return f"({inputs}) -> ({outputs})"


def _level(level: FrontendLevel, width: int, view: FrontendView) -> Iterator[str]:
    for node in level.execution_order():
        if node.type in ("Note", "MarkdownNote"):
            continue
        yield _head(node, view)
        for socket in node.sockets:
            if socket.link is not None:
                yield f"    {socket.name or '(input)'} <- {_source(level, socket.link)}"
        wired = {socket.widget for socket in node.sockets if socket.link is not None}
        for name, value in node.values.items():
            if name not in wired:
                yield f"    {name} = {_value(value, width)}"
        for entry in _received(level, node):
            yield f"    {entry}"
    for slot, boundary in enumerate(level.outputs):
        link = level.output_link(slot)
        yield f"output {boundary.name} <- {_source(level, link.id) if link else 'nothing'}"


def _head(node: FrontendNode, view: FrontendView) -> str:
    kind_name = f"subgraph {node.definition.name!r}" if node.definition is not None else node.type
    own_name = node.definition.name if node.definition is not None else node.type
    title = f" {node.title!r}" if node.view.title and node.title != own_name else ""
    role = f" [{node.view.role}]" if node.view.role else ""
    unknown = "" if node.is_virtual or node.type in view.schemas else " (unknown type)"
    return f"{node.id} {kind_name}{title}{role}{_MODES.get(node.mode, '')}{unknown}"


def _source(level: FrontendLevel, link_id: int) -> str:
    link = level.links.get(link_id)
    if link is None:
        return f"link {link_id}, which does not exist"
    if link.origin_id == INPUT_BOUNDARY:
        name = level.inputs[link.origin_slot].name if 0 <= link.origin_slot < len(level.inputs) else str(link.origin_slot)
        return f"input {name}"
    origin = level.nodes.get(link.origin_id)
    if origin is None:
        return f"node {link.origin_id}, which does not exist"
    names = [slot.name for slot in origin.view.outputs]
    name = names[link.origin_slot] if 0 <= link.origin_slot < len(names) else str(link.origin_slot)
    return f"{origin.id}.{name}" if name else str(origin.id)


def _received(level: FrontendLevel, node: FrontendNode) -> Iterator[str]:
    name = broadcast_name(node.view)
    if node.type == "GetNode" and name is not None:
        setter = level.setters.get(name)
        yield f"{name} <- SetNode {setter.id}" if setter else f"{name} <- no SetNode of that name at this level"


def _prompt(document: Document, width: int) -> Iterator[str]:
    for identity, node in document.items():
        title = (node.get("_meta") or {}).get("title")
        yield f"{identity} {node['class_type']}" + (f" {title!r}" if title and title != node["class_type"] else "")
        for name, value in (node.get("inputs") or {}).items():
            link = as_link(value)
            if link is not None and link[0] in document:
                yield f"    {name} <- {link[0]}.{link[1]}"
            else:
                yield f"    {name} = {_value(value, width)}"


def _value(value: Any, width: int) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else f"{text[: width - 1]}… ({len(text)} characters)"
