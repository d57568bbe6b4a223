"""Turns the record of a workflow into the UI document that the frontend itself would have saved."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterator
from itertools import count
from typing import Any

from .. import layout
from ..document import Document
from ..invariants import check
from ..layout import Box, Point
from ..links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, write
from ..node_format import LIST_SHAPE, OPTIONAL_SHAPE, ROLE
from ..schema_snapshot import CORE_PACK
from ..schemas import CONTROL
from ..value_check import BuildError
from .record_slots import inputs_shown, outputs_shown, promoted, promoted_value
from .records import NAMESPACE, BoundaryRecord, LevelRecord, NodeRecord, WorkflowRecord


def emit(workflow: WorkflowRecord) -> Document:
    """See `WorkflowBuilder.workflow`."""
    link_ids, root = count(1), workflow.root
    definitions = [_definition(definition, link_ids) for definition in workflow.definitions]
    level = _EmittedLevel(root, link_ids)
    last_node, last_link = max((i for each in (root, *workflow.definitions) for i in each.nodes), default=0), next(link_ids) - 1
    document: Document = {
        "id": str(uuid.uuid5(NAMESPACE, root.name)),
        "revision": 0,
        "last_node_id": last_node,
        "last_link_id": last_link,
        "nodes": level.nodes(),
        "links": [write(link, as_object=False) for link in level.links],
        "groups": level.groups(),
    }
    for definition in definitions:
        definition["state"]["lastNodeId"] = last_node
        definition["state"]["lastLinkId"] = last_link
    if definitions:
        document["definitions"] = {"subgraphs": definitions}
    document["config"] = {}
    document["extra"] = {"audio_loop": {"name": root.name, "revision": workflow.revision}}
    document["version"] = 0.4
    broken = check(document)
    if broken:
        raise BuildError("the workflow breaks its own rules: " + "; ".join(str(violation) for violation in broken))
    return document


class _EmittedLevel:
    """One level with its links numbered: by node, in the order they were added, then by input slot."""

    def __init__(self, graph: LevelRecord, link_ids: Iterator[int]) -> None:
        self.graph = graph
        self.links: list[Link] = []
        self._inputs_of = {record.id: inputs_shown(record) for record in graph.nodes.values()}
        self._outputs_of = {record.id: outputs_shown(record) for record in graph.nodes.values()}
        for record in graph.nodes.values():
            for slot, shown in enumerate(self._inputs_of[record.id]):
                output = record.links.get(shown.name)
                if output is not None:
                    link_type = output.type if output.type != "*" else shown.type
                    self.links.append(Link(next(link_ids), output.node_id, output.slot, record.id, slot, link_type))
                elif record.schema is not None and shown.required and not shown.has_widget:
                    raise BuildError(
                        f"{record.type} {record.id}: required input {shown.name!r} ({shown.type}) is not connected"
                    )
        for slot, boundary in enumerate(graph.outputs):
            source = boundary.source
            assert source is not None
            self.links.append(Link(next(link_ids), source.node_id, source.slot, OUTPUT_BOUNDARY, slot, boundary.type))
        self.order = _execution_order(graph, self.links)
        self.boxes = self._place()

    def outgoing(self, node: NodeId, slot: int) -> list[int]:
        return [link.id for link in self.links if (link.origin_id, link.origin_slot) == (node, slot)]

    def incoming(self, node: NodeId, slot: int) -> int | None:
        return next((link.id for link in self.links if (link.target_id, link.target_slot) == (node, slot)), None)

    def _place(self) -> dict[int, Box]:
        sizes: dict[int | str, Point] = {}
        for record in self.graph.nodes.values():
            widgets = record.schema.widgets(record.values) if record.schema else ()
            slots = self._inputs_of[record.id]
            plain = sum(not slot.has_widget for slot in slots)
            shown = len(slots) - plain if record.definition is not None else 0
            own_title = record.definition.name if record.definition else record.schema.title if record.schema else record.type
            badge = record.schema is not None and record.schema.pack != CORE_PACK
            title, outputs = record.title or own_title, len(self._outputs_of[record.id])
            sizes[record.id] = record.look.size or layout.estimate_size(plain, outputs, widgets, title, badge, shown)
        upstream: dict[int | str, set[int | str]] = {}
        for link in self.links:
            upstream.setdefault(link.target_id, set()).add(link.origin_id)
        given = {node: self.graph.nodes[node].look.pos for node in self.order}
        below = max((pos[1] + sizes[node][1] + 200 for node, pos in given.items() if pos is not None), default=0.0)
        placed = layout.columns([node for node in self.order if given[node] is None], upstream, sizes, (0.0, below))
        return {node: Box(*(given[node] or placed[node]), *sizes[node]) for node in self.graph.nodes}

    def nodes(self) -> list[Document]:
        return [self._node(record) for record in self.graph.nodes.values()]

    def groups(self) -> list[Document]:
        result = []
        for number, group in enumerate(self.graph.frames, start=1):
            box = group.bounding or layout.surround(self.boxes[node] for node in group.nodes)
            result.append(
                {
                    "id": number,
                    "title": group.title,
                    "bounding": [_plain(v) for v in (box.x, box.y, box.width, box.height)],
                    "color": group.color,
                    "font_size": 24,
                    "flags": {},
                }
            )
        return result

    def _node(self, record: NodeRecord) -> Document:
        box = self.boxes[record.id]
        node: Document = {
            "id": record.id,
            "type": record.type,
            "pos": [_plain(box.x), _plain(box.y)],
            "size": [_plain(box.width), _plain(box.height)],
            "flags": {"collapsed": True} if record.look.collapsed else {},
            "order": self.order.index(record.id),
            "mode": record.mode,
            "inputs": self._inputs(record),
            "outputs": self._outputs(record),
        }
        title = record.title or (record.definition.name if record.definition else None)
        if title:
            node["title"] = title
        node["properties"] = _properties(record)
        values = _widget_values(record)
        if values:
            node["widgets_values"] = values
        for key, value in (("color", record.look.color), ("bgcolor", record.look.bgcolor)):
            if value:
                node[key] = value
        return node

    def _inputs(self, record: NodeRecord) -> list[Document]:
        result = []
        for slot, shown in enumerate(self._inputs_of[record.id]):
            entry: Document = {"name": shown.name, "type": shown.type}
            if not shown.required:
                entry["shape"] = OPTIONAL_SHAPE
            if shown.has_widget:
                entry["widget"] = {"name": shown.name}
            entry["link"] = self.incoming(record.id, slot)
            result.append(entry)
        return result

    def _outputs(self, record: NodeRecord) -> list[Document]:
        return [
            {
                "name": shown.name,
                "type": shown.type,
                **({"shape": LIST_SHAPE} if shown.is_list else {}),
                "links": self.outgoing(record.id, slot),
            }
            for slot, shown in enumerate(self._outputs_of[record.id])
        ]


def _definition(graph: LevelRecord, link_ids: Iterator[int]) -> Document:
    level = _EmittedLevel(graph, link_ids)
    boxes = list(level.boxes.values())
    left = min((box.x for box in boxes), default=0.0) - 240
    right = max((box.x + box.width for box in boxes), default=0.0) + 120
    top = min((box.y for box in boxes), default=0.0)

    def slots(boundaries: list[BoundaryRecord], node: int, x: float) -> list[Document]:
        result = []
        for slot, boundary in enumerate(boundaries):
            links = level.outgoing(INPUT_BOUNDARY, slot) if node == INPUT_BOUNDARY else [level.incoming(OUTPUT_BOUNDARY, slot)]
            side = "input" if node == INPUT_BOUNDARY else "output"
            result.append(
                {
                    "id": str(uuid.uuid5(NAMESPACE, f"{graph.id}/{side}/{boundary.name}")),
                    "name": boundary.name,
                    "type": boundary.type,
                    "linkIds": links,
                    "pos": [_plain(x), _plain(top + 20 + 20 * slot)],
                }
            )
        return result

    return {
        "id": graph.id,
        "version": 1,
        "state": {"lastGroupId": len(graph.frames), "lastNodeId": 0, "lastLinkId": 0, "lastRerouteId": 0},
        "revision": 0,
        "config": {},
        "name": graph.name,
        "inputNode": {
            "id": INPUT_BOUNDARY,
            "bounding": [_plain(left), _plain(top), 120, 40 + 20 * max(1, len(graph.inputs))],
        },
        "outputNode": {
            "id": OUTPUT_BOUNDARY,
            "bounding": [_plain(right), _plain(top), 120, 40 + 20 * max(1, len(graph.outputs))],
        },
        "inputs": slots(graph.inputs, INPUT_BOUNDARY, left + 100),
        "outputs": slots(graph.outputs, OUTPUT_BOUNDARY, right + 20),
        "widgets": [],
        "nodes": level.nodes(),
        "groups": level.groups(),
        "links": [write(link, as_object=True) for link in level.links],
        "extra": {},
    }


def _properties(record: NodeRecord) -> Document:
    properties: Document = {}
    if record.schema is not None:
        properties["cnr_id"] = record.schema.pack
        properties["Node name for S&R"] = record.type
    if record.models:
        properties["models"] = [dict(model) for model in record.models]
    if record.role:
        properties[ROLE] = record.role
    return properties


def _widget_values(record: NodeRecord) -> list[Any]:
    if record.note is not None:
        return [record.note]
    if record.definition is not None:
        definition = record.definition
        shown = [b for b in definition.inputs if promoted(definition, b)]
        return [record.values.get(b.name, promoted_value(definition, b)) for b in shown]
    assert record.schema is not None
    # A generated graph gives the same video twice; who wants new seeds turns the switch.
    controls = {w.name: "fixed" for w in record.schema.widgets(record.values) if w.name.split("#")[0] == CONTROL}
    return record.schema.write_widgets({**controls, **record.values})


def _execution_order(graph: LevelRecord, links: list[Link]) -> list[int]:
    """Nodes so that each comes after those that feed it; first come first served, as the frontend does it."""
    waiting = dict.fromkeys(graph.nodes, 0)
    for link in links:
        if link.origin_id in waiting and link.target_id in waiting:
            waiting[link.target_id] += 1
    ready = deque(node for node, count in waiting.items() if count == 0)
    order: list[int] = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for link in links:
            if link.origin_id == node and link.target_id in waiting:
                waiting[link.target_id] -= 1
                if waiting[link.target_id] == 0:
                    ready.append(link.target_id)
    return order + [node for node in graph.nodes if node not in order]


def _plain(value: float) -> float | int:
    """Whole numbers without a decimal point, as JavaScript writes them."""
    return int(value) if float(value).is_integer() else value
