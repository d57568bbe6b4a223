"""A UI document read as levels, nodes and links, whatever form they are written in; reading changes nothing.

What cannot be read (a node without id, a link that is none) becomes a problem in a list instead of an exception, so that
the checks can name all of them; who needs a sound document calls `read(document, strict=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import links as link_form
from .document import Document, DocumentError, Kind, kind
from .links import Link, NodeId, node_id
from .node_format import ROLE

ROOT = ""
"""Id of the top level."""


@dataclass(frozen=True)
class Problem:
    """Something that could not be read: where it is and what is wrong."""

    where: str
    message: str


class Slot(NamedTuple):
    """One input or output of a node, or of a subgraph's boundary, as it is written.

    Attributes:
        name: As written, "" if missing.
        type: As written, "*" if missing.
        links: Ids of its links: at most one for an input, any number for an output.
        widget: Name of the widget that it belongs to, None for a plain socket.
        label: What is shown instead of the name, if anything.
    """

    name: str
    type: Any
    links: tuple[int, ...]
    widget: str | None = None
    label: str | None = None


class NodeView(NamedTuple):
    """One node as it is written."""

    id: NodeId
    type: str
    mode: int
    title: str | None
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    properties: Mapping[str, Any]
    widgets_values: Any
    raw: Document

    @property
    def role(self) -> str | None:
        """The purpose of the node, if it says so."""
        role = self.properties.get(ROLE)
        return role if isinstance(role, str) else None


@dataclass(frozen=True)
class LevelView:
    """The top level (id "") or the inside of one subgraph definition.

    Attributes:
        inputs: Boundary inputs; `links` are those inside that start there. Empty at the top.
        outputs: Boundary outputs; `links` are those inside that end there. Empty at the top.
    """

    id: str
    name: str
    where: str
    nodes: Mapping[NodeId, NodeView]
    links: Mapping[int, Link]
    inputs: tuple[Slot, ...] = ()
    outputs: tuple[Slot, ...] = ()
    raw: Document = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class View:
    """A whole document."""

    root: LevelView
    subgraphs: Mapping[str, LevelView]
    problems: tuple[Problem, ...]

    def levels(self) -> Iterator[LevelView]:
        """The top level, then each subgraph in the order of the file."""
        yield self.root
        yield from self.subgraphs.values()

    def is_instance(self, node: NodeView) -> bool:
        """Whether the node stands for a subgraph."""
        return node.type in self.subgraphs


def read(document: Document, *, strict: bool = False) -> View:
    """Reads a UI document.

    Args:
        document: The document; unchanged.
        strict: Raise at the first problem instead of collecting them.

    Raises:
        DocumentError: It is no UI workflow; or, if strict, something in it cannot be read.
    """
    if kind(document) is Kind.PROMPT:
        raise DocumentError(
            "this is an API prompt, a UI workflow is needed: open it in ComfyUI (drop it on the canvas) and save it"
        )
    problems: list[Problem] = []
    root = _level(document, ROOT, "", problems)
    subgraphs: dict[str, LevelView] = {}
    for where, raw in definitions(document):
        identity = raw.get("id")
        if not isinstance(identity, str) or not identity:
            problems.append(Problem(where, "a subgraph definition without an id"))
            continue
        if identity in subgraphs:
            problems.append(Problem(where, f"two subgraph definitions have the id {identity!r}"))
            continue
        subgraphs[identity] = _level(raw, identity, where, problems)
    if strict and problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise DocumentError(f"{first.where or 'the document'}: {first.message}{more}")
    return View(root, subgraphs, tuple(problems))


def definitions(document: Document) -> Iterator[tuple[str, Document]]:
    """Every subgraph definition with its path, nested ones too."""
    stack: list[tuple[str, Any]] = [("", document)]
    while stack:
        where, owner = stack.pop(0)
        container = owner.get("definitions")
        found = container.get("subgraphs") if isinstance(container, Mapping) else None
        for index, raw in enumerate(found if isinstance(found, list) else []):
            if isinstance(raw, dict):
                path = f"{where}.definitions.subgraphs[{index}]".lstrip(".")
                yield path, raw
                stack.append((path, raw))


def _level(raw: Document, identity: str, where: str, problems: list[Problem]) -> LevelView:
    prefix = f"{where}." if where else ""
    nodes: dict[NodeId, NodeView] = {}
    for index, entry in enumerate(_list(raw, "nodes", prefix, problems)):
        node = _node(entry, prefix, index, problems)
        if node is None:
            continue
        if node.id in nodes:
            problems.append(Problem(f"{prefix}nodes[{index}]", f"a second node with the id {node.id}"))
            continue
        nodes[node.id] = node
    found: dict[int, Link] = {}
    for index, entry in enumerate(_list(raw, "links", prefix, problems)):
        if entry is None:
            continue
        at = f"{prefix}links[{index}]"
        try:
            link = link_form.read(entry, at)
        except DocumentError as error:
            problems.append(Problem(at, str(error)))
            continue
        if link.id in found:
            problems.append(Problem(at, f"a second link with the id {link.id}"))
            continue
        found[link.id] = link
    inputs = _boundary(raw, "inputs", where, problems) if identity else ()
    outputs = _boundary(raw, "outputs", where, problems) if identity else ()
    name = raw.get("name") if isinstance(raw.get("name"), str) else identity
    return LevelView(identity, str(name), where, nodes, found, inputs, outputs, raw)


def _list(raw: Document, key: str, prefix: str, problems: list[Problem]) -> list[Any]:
    value = raw.get(key)
    if value is None:
        return []
    if isinstance(value, Mapping) and key == "links":
        return list(value.values())
    if not isinstance(value, list):
        problems.append(Problem(f"{prefix}{key}", f"a list was expected, not {type(value).__name__}"))
        return []
    return value


def _node(entry: Any, prefix: str, index: int, problems: list[Problem]) -> NodeView | None:
    where = f"{prefix}nodes[{index}]"
    if not isinstance(entry, dict):
        problems.append(Problem(where, f"a node was expected, not {type(entry).__name__}"))
        return None
    identity = node_id(entry.get("id"))
    kind_name = entry.get("type")
    if identity is None:
        problems.append(Problem(where, f"a node whose id is {entry.get('id')!r}; ids are whole numbers"))
        return None
    if not isinstance(kind_name, str) or not kind_name:
        problems.append(Problem(where, f"node {identity} has no type"))
        return None
    mode = node_id(entry.get("mode", 0))
    properties = entry.get("properties")
    title = entry.get("title")
    return NodeView(
        identity,
        kind_name,
        mode if isinstance(mode, int) else 0,
        title if isinstance(title, str) else None,
        _slots(entry, "inputs", where, problems),
        _slots(entry, "outputs", where, problems),
        properties if isinstance(properties, Mapping) else {},
        entry.get("widgets_values"),
        entry,
    )


def _slots(entry: Document, key: str, where: str, problems: list[Problem]) -> tuple[Slot, ...]:
    result = []
    for index, slot in enumerate(_list(entry, key, f"{where}.", problems)):
        if not isinstance(slot, Mapping):
            problems.append(Problem(f"{where}.{key}[{index}]", f"a slot was expected, not {type(slot).__name__}"))
            slot = {}
        listed = slot.get("links") if key == "outputs" else [slot.get("link")]
        widget = slot.get("widget")
        widget_name = widget.get("name") if isinstance(widget, Mapping) else None
        result.append(_slot(slot, listed, where, key, index, problems, widget_name))
    return tuple(result)


def _boundary(raw: Document, key: str, where: str, problems: list[Problem]) -> tuple[Slot, ...]:
    result = []
    prefix = f"{where}." if where else ""
    for index, slot in enumerate(_list(raw, key, prefix, problems)):
        if not isinstance(slot, Mapping):
            problems.append(Problem(f"{prefix}{key}[{index}]", f"a boundary slot was expected, not {type(slot).__name__}"))
            slot = {}
        result.append(_slot(slot, slot.get("linkIds"), where, key, index, problems, None))
    return tuple(result)


def _slot(slot: Mapping[str, Any], listed: Any, where: str, key: str, index: int, problems: list[Problem], widget: Any) -> Slot:
    ids = []
    for value in listed if isinstance(listed, list) else ():
        if type(value) is int:
            ids.append(value)
        elif value is not None:
            link_id = node_id(value)
            if isinstance(link_id, int):
                ids.append(link_id)
            else:
                problems.append(Problem(f"{where}.{key}[{index}]".lstrip("."), f"{value!r} is no link id"))
    label = slot.get("label")
    return Slot(
        str(slot.get("name", "")),
        slot.get("type", "*"),
        tuple(ids),
        widget if isinstance(widget, str) else None,
        label if isinstance(label, str) else None,
    )
