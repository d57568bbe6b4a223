"""Makes a subgraph of nodes of the top level; the inverse of `unfold`."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..broadcasts import broadcast_name
from ..document import Document, DocumentError
from ..editing import promotion
from ..editing.graph_state import GraphState
from ..layout import Box, estimate_size
from ..links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, write
from ..plain_ids import with_plain_ids
from ..schemas import Schemas
from ..view import ROOT, LevelView, NodeView, read
from . import app_fields
from .crossing import Crossing, crossing
from .places import box_of, place_boundary

_SIDE = 240.0
"""How far left of the nodes the inputs stand, in pixels."""


@dataclass(frozen=True)
class Setting:
    """A widget that the subgraph shows on its node.

    Attributes:
        name: Of the subgraph's input, and what is shown.
        widgets: Node and input of every widget that it is to set; the first gives its value.
    """

    name: str
    widgets: Sequence[tuple[NodeId, str]]


@dataclass(frozen=True)
class OpenInput:
    """An input to which nothing is wired, and which may be wired from outside.

    Attributes:
        name: Of the subgraph's input.
        node: The node inside.
        input: Its input, which has no widget.
    """

    name: str
    node: NodeId
    input: str


@dataclass(frozen=True)
class Chapter:
    """A subgraph to be made.

    Attributes:
        name: Its title.
        nodes: Ids of the nodes that go into it.
        settings: Widgets that stay outside, on its node, in order.
        names: What inputs and outputs are called: by node and slot of the output that a value comes from. What is not named
            here is called after the socket that it goes to or comes from.
        node_id: Of the node that stands for it; the next free one if None.
        sockets: Inputs that it offers besides, behind those that are wired.
    """

    name: str
    nodes: Collection[NodeId]
    settings: Sequence[Setting] = ()
    names: Mapping[tuple[NodeId, int], str] = field(default_factory=dict)
    node_id: NodeId | None = None
    sockets: Sequence[OpenInput] = ()


def fold(document: Document, chapter: Chapter) -> Document:
    """A copy of a document in which nodes of the top level are inside a new subgraph.

    Ids of the nodes stay, so do their places. Run sends the same, with the id of the new node before theirs ("7:12" for 12).

    Args:
        document: The UI document; unchanged.
        chapter: What becomes a subgraph.

    Raises:
        DocumentError: The document cannot be read, a node or widget does not exist, an id or name is taken, a node outside
            lies on the way from the nodes to themselves, or a GetNode outside reads a SetNode among them.
    """
    read(document, strict=True)
    state = GraphState(with_plain_ids(document), Schemas.load())
    root = read(state.document).root
    _refuse(root, chapter)
    identity = chapter.node_id if chapter.node_id is not None else state.new_id("node")
    if isinstance(identity, int):
        state.note_id("node", identity)
    folding = _Folding(state, root, chapter, identity)
    folding.move()
    state.reindex()
    instance = state.node(ROOT, identity)
    shown = promotion.names(state, instance["type"])
    if shown:
        promotion.write_values(instance, shown, promotion.values_of(state, instance))
    for slot in instance["inputs"]:
        if slot["name"] in shown:
            slot["widget"] = {"name": slot["name"]}
    plain = len(instance["inputs"]) - len(shown)
    width, height = estimate_size(plain, len(instance["outputs"]), (), chapter.name, promoted=len(shown))
    instance["size"] = [width, height]
    shows = {field: (identity, setting.name) for setting in chapter.settings for field in setting.widgets[:1]}
    app_fields.follow(state.document, chapter.nodes, shows)
    return state.document


class _Folding:
    """One fold: what is taken out of the top level, and what comes in its place."""

    def __init__(self, state: GraphState, root: LevelView, chapter: Chapter, identity: NodeId) -> None:
        self.state, self.root, self.chapter, self.identity = state, root, chapter, identity
        self.raw = {node_id: state.node(ROOT, node_id) for node_id in root.nodes}
        self.crossing: Crossing = crossing(root, chapter.nodes, chapter.names)
        self.outside = {link.id: link for link in root.links.values()}
        self.inside: list[Link] = []
        self.inputs: list[Document] = []
        self.outputs: list[Document] = []
        self.entries: list[Document] = []
        self.exits: list[Document] = []
        name = f"{state.document.get('id')}/{chapter.name}"
        self.definition_id = str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    def move(self) -> None:
        """Changes the document."""
        if self.definition_id in self.state.level_ids:
            raise DocumentError(f"there is a subgraph called {self.chapter.name!r}; give this one another name")
        for link in self.crossing.within:
            self.inside.append(self.outside.pop(link.id))
        for name, links in self.crossing.entering:
            self._enter(name, links)
        for socket in self.chapter.sockets:
            self._offer(socket)
        for setting in self.chapter.settings:
            self._show(setting)
        for name, links in self.crossing.leaving:
            self._leave(name, links)
        self._write()

    def _enter(self, name: str, links: Sequence[Link]) -> None:
        """One source outside, with all its links into the nodes."""
        slot, first = len(self.inputs), links[0]
        fresh = self.state.new_id("link")
        for link in links:
            del self.outside[link.id]
            self.inside.append(link._replace(origin_id=INPUT_BOUNDARY, origin_slot=slot))
        self.outside[fresh] = Link(fresh, first.origin_id, first.origin_slot, self.identity, slot, first.type)
        output = self.raw[first.origin_id]["outputs"][first.origin_slot]
        listed, gone = output["links"], {link.id for link in links}
        output["links"] = [
            fresh if i == links[0].id else i for i in listed if i not in gone or i == links[0].id
        ]  # fmt: skip
        self._input(name, first.type, [link.id for link in links], fresh)

    def _offer(self, socket: OpenInput) -> None:
        raw = self.raw.get(socket.node) if socket.node in self.chapter.nodes else None
        entries = (raw or {}).get("inputs") or ()
        place = next((i for i, each in enumerate(entries) if each["name"] == socket.input and "widget" not in each), None)
        if raw is None or place is None:
            raise DocumentError(
                f"{socket.name!r} is to lead to {socket.input!r} of node {socket.node}, which has no such socket there"
            )
        entry = raw["inputs"][place]
        if entry.get("link") is not None:
            raise DocumentError(f"{socket.name!r} is to lead to {socket.input!r} of node {socket.node}, which is wired")
        entry["link"] = self.state.new_id("link")
        self.inside.append(Link(entry["link"], INPUT_BOUNDARY, len(self.inputs), socket.node, place, entry["type"]))
        self._input(socket.name, entry["type"], [entry["link"]], None)

    def _show(self, setting: Setting) -> None:
        slot, ids, kind = len(self.inputs), [], "*"
        for node_id, widget in setting.widgets:
            raw = self.raw.get(node_id) if node_id in self.chapter.nodes else None
            sockets = (raw or {}).get("inputs") or ()
            place = next((i for i, entry in enumerate(sockets) if (entry.get("widget") or {}).get("name") == widget), None)
            if raw is None or place is None:
                raise DocumentError(f"{setting.name!r} is to set {widget!r} of node {node_id}, which has no such widget there")
            if raw["inputs"][place].get("link") is not None:
                raise DocumentError(f"{setting.name!r} is to set {widget!r} of node {node_id}, which is wired")
            fresh = self.state.new_id("link")
            kind = raw["inputs"][place].get("type", "*") if kind == "*" else kind
            raw["inputs"][place]["link"] = fresh
            self.inside.append(Link(fresh, INPUT_BOUNDARY, slot, node_id, place, kind))
            ids.append(fresh)
        self._input(setting.name, kind, ids, None)
        if label := self._called(setting):
            self.inputs[-1]["label"] = self.entries[-1]["label"] = label

    def _called(self, setting: Setting) -> str | None:
        """The label of the first of the widgets, if it has one."""
        node_id, widget = setting.widgets[0]
        sockets = self.raw[node_id]["inputs"]
        return next((slot.get("label") for slot in sockets if (slot.get("widget") or {}).get("name") == widget), None)

    def _leave(self, name: str, links: Sequence[Link]) -> None:
        """One output of the nodes, with all its links to the rest."""
        slot, first = len(self.outputs), links[0]
        fresh = self.state.new_id("link")
        self.inside.append(Link(fresh, first.origin_id, first.origin_slot, OUTPUT_BOUNDARY, slot, first.type))
        gone = {link.id for link in links}
        output = self.raw[first.origin_id]["outputs"][first.origin_slot]
        output["links"] = [*(i for i in output["links"] if i not in gone), fresh]
        for link in links:
            self.outside[link.id] = link._replace(origin_id=self.identity, origin_slot=slot)
        self.outputs.append(self._boundary("output", name, first.type, [fresh]))
        self.exits.append({"name": name, "type": first.type, "links": [link.id for link in links]})

    def _input(self, name: str, kind: Any, links: list[int], outer: int | None) -> None:
        if any(entry["name"] == name for entry in self.inputs):
            raise DocumentError(f"subgraph {self.chapter.name!r} would have two inputs called {name!r}; name one of them")
        self.inputs.append(self._boundary("input", name, kind, links))
        self.entries.append({"name": name, "type": kind, "link": outer})

    def _boundary(self, side: str, name: str, kind: Any, links: list[int]) -> Document:
        identity = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.definition_id}/{side}/{name}")
        return {"id": str(identity), "name": name, "type": kind, "linkIds": links, "pos": [0, 0]}

    def _write(self) -> None:
        document, chapter = self.state.document, self.chapter
        nodes = [node for node in document["nodes"] if node["id"] in chapter.nodes]
        boxes = [box_of(node) for node in nodes]
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right = max(box.x + box.width for box in boxes)
        place = next(index for index, node in enumerate(document["nodes"]) if node["id"] in chapter.nodes)
        instance: Document = {
            "id": self.identity,
            "type": self.definition_id,
            "pos": [left, top],
            "size": [0, 0],
            "flags": {},
            "order": min(node.get("order") or 0 for node in nodes),
            "mode": 0,
            "inputs": self.entries,
            "outputs": self.exits,
            "title": chapter.name,
            "properties": {},
        }
        rest = [node for node in document["nodes"] if node["id"] not in chapter.nodes]
        document["nodes"] = [*rest[:place], instance, *rest[place:]]
        as_objects = self.state.link_table(ROOT).as_objects
        document["links"] = [write(link, as_object=as_objects) for link in self.outside.values()]
        groups = document.get("groups") or []
        inner = [group for group in groups if _holds_only(group, boxes, [box_of(node) for node in rest])]
        document["groups"] = [group for group in groups if group not in inner]
        last = {"lastNodeId": document.get("last_node_id", 0), "lastLinkId": document.get("last_link_id", 0)}
        definitions = document.setdefault("definitions", {}).setdefault("subgraphs", [])
        definition = {
            "id": self.definition_id,
            "version": 1,
            "state": {"lastGroupId": len(inner), **last, "lastRerouteId": 0},
            "revision": 0,
            "config": {},
            "name": chapter.name,
            "inputNode": {"id": INPUT_BOUNDARY, "bounding": place_boundary(self.inputs, left - _SIDE, top, 100)},
            "outputNode": {"id": OUTPUT_BOUNDARY, "bounding": place_boundary(self.outputs, right + _SIDE / 2, top, 20)},
            "inputs": self.inputs,
            "outputs": self.outputs,
            "widgets": [],
            "nodes": nodes,
            "groups": inner,
            "links": [write(link, as_object=True) for link in self.inside],
            "extra": {},
        }
        definitions.append(definition)


def _holds_only(group: Document, boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether the middle of at least one of the boxes, and of none of the others, lies in a group."""
    x, y, width, height = group["bounding"]

    def holds(box: Box) -> bool:
        return bool(x <= box.x + box.width / 2 <= x + width and y <= box.y + box.height / 2 <= y + height)

    return any(map(holds, boxes)) and not any(map(holds, others))


def _refuse(root: LevelView, chapter: Chapter) -> None:
    missing = [str(node_id) for node_id in chapter.nodes if node_id not in root.nodes]
    if missing or not chapter.nodes:
        raise DocumentError(f"no nodes {', '.join(missing)} at the top level" if missing else "a subgraph needs a node")
    if chapter.node_id is not None and chapter.node_id in root.nodes:
        raise DocumentError(f"node id {chapter.node_id} is taken")
    nodes = root.nodes.values()
    told = {broadcast_name(n) for n in nodes if n.type == "SetNode" and n.id in chapter.nodes} - {None}
    for node in nodes:
        if node.type == "GetNode" and node.id not in chapter.nodes and broadcast_name(node) in told:
            raise DocumentError(
                f"GetNode {node.id} reads {broadcast_name(node)!r}, which would be set inside {chapter.name!r}; "
                "take it in, or wire it"
            )
    between = _between(root, set(chapter.nodes))
    if between is not None:
        raise DocumentError(
            f"node {between.id} ({between.title or between.type}) lies between the nodes of {chapter.name!r}: "
            "it needs one of them and feeds another; take it in"
        )


def _between(root: LevelView, chosen: set[NodeId]) -> NodeView | None:
    """A node outside that needs a chosen one and that a chosen one needs."""
    targets: dict[NodeId, list[NodeId]] = {}
    origins: dict[NodeId, list[NodeId]] = {}
    for link in root.links.values():
        targets.setdefault(link.origin_id, []).append(link.target_id)
        origins.setdefault(link.target_id, []).append(link.origin_id)

    def reached(neighbours: dict[NodeId, list[NodeId]]) -> set[NodeId]:
        found: set[NodeId] = set()
        waiting = [other for node_id in chosen for other in neighbours.get(node_id, ()) if other not in chosen]
        while waiting:
            current = waiting.pop()
            if current not in found and current not in chosen:
                found.add(current)
                waiting.extend(neighbours.get(current, ()))
        return found

    both = reached(targets) & reached(origins)
    return next((node for node_id, node in root.nodes.items() if node_id in both), None)
