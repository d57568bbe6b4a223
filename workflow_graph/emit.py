"""Turns a `WorkflowBuilder` into the UI document that the frontend itself would have saved."""

from __future__ import annotations

import uuid
from collections import deque
from typing import Any

from . import layout
from .builder import GraphBuilder, SubgraphBuilder, WorkflowBuilder
from .checks import BuildError
from .document import Document
from .invariants import check
from .layout import Box, Point
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, write
from .records import NAMESPACE, ROLE, Record
from .schema_snapshot import CORE_PACK
from .schemas import CONTROL, InputSpec

_OPTIONAL_SHAPE = 7


def emit(builder: WorkflowBuilder) -> Document:
    """See `WorkflowBuilder.workflow`."""
    counter = _LinkCounter()
    definitions = [_definition(definition, counter) for definition in builder.definitions]
    level = _Level(builder, counter)
    last_node = max([*builder.records, *(i for d in builder.definitions for i in d.records)], default=0)
    document: Document = {
        "id": str(uuid.uuid5(NAMESPACE, builder.name)),
        "revision": 0,
        "last_node_id": last_node,
        "last_link_id": counter.last,
        "nodes": level.nodes(),
        "links": [write(link, as_object=False) for link in level.links],
        "groups": level.groups(),
    }
    for definition in definitions:
        definition["state"]["lastNodeId"] = last_node
        definition["state"]["lastLinkId"] = counter.last
    if definitions:
        document["definitions"] = {"subgraphs": definitions}
    document["config"] = {}
    document["extra"] = {**builder.extra, "audio_loop": {"name": builder.name, "revision": builder.revision}}
    document["version"] = 0.4
    broken = check(document)
    if broken:
        raise BuildError("the workflow breaks its own rules: " + "; ".join(str(violation) for violation in broken))
    return document


class _LinkCounter:
    """Numbers links through all levels of a file."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


class _Level:
    """One level with its links numbered: by node, in the order they were added, then by input slot."""

    def __init__(self, graph: GraphBuilder, counter: _LinkCounter) -> None:
        self.graph = graph
        self.links: list[Link] = []
        self._sockets: dict[int, list[tuple[str, str, InputSpec | None, bool]]] = {}
        for record in graph.records.values():
            self._sockets[record.id] = _sockets(record)
            _refuse_missing(record)
            for slot, (name, kind, _, _) in enumerate(self._sockets[record.id]):
                output = record.links.get(name)
                if output is not None:
                    link_type = output.type if output.type != "*" else kind
                    self.links.append(Link(counter.next(), output.node_id, output.slot, record.id, slot, link_type))
        if isinstance(graph, SubgraphBuilder):
            for slot, boundary in enumerate(graph.outputs):
                source = boundary.source
                assert source is not None
                self.links.append(Link(counter.next(), source.node_id, source.slot, OUTPUT_BOUNDARY, slot, boundary.type))
        self.order = _execution_order(graph, self.links)
        self.boxes = self._place()

    def outgoing(self, node: NodeId, slot: int) -> list[int]:
        return [link.id for link in self.links if (link.origin_id, link.origin_slot) == (node, slot)]

    def incoming(self, node: NodeId, slot: int) -> int | None:
        return next((link.id for link in self.links if (link.target_id, link.target_slot) == (node, slot)), None)

    def _place(self) -> dict[int, Box]:
        sizes: dict[int | str, Point] = {}
        for record in self.graph.records.values():
            widgets = record.schema.widgets(record.values) if record.schema else ()
            plain = sum(1 for _, _, _, has_widget in self._sockets[record.id] if not has_widget)
            promoted = len(self._sockets[record.id]) - plain if record.definition is not None else 0
            title = record.title or (record.schema.title if record.schema else record.type)
            if record.definition is not None:
                title = record.title or record.definition.name
            outputs = _output_count(record)
            badge = record.schema is not None and record.schema.pack != CORE_PACK
            estimate = layout.estimate_size(plain, outputs, widgets, title, badge, promoted)
            sizes[record.id] = record.size or estimate
        upstream: dict[int | str, set[int | str]] = {}
        for link in self.links:
            upstream.setdefault(link.target_id, set()).add(link.origin_id)
        free = [node for node in self.order if self.graph.records[node].pos is None]
        fixed = [self.graph.records[node] for node in self.order if self.graph.records[node].pos is not None]
        below = max((r.pos[1] + sizes[r.id][1] + 200 for r in fixed if r.pos is not None), default=0.0)
        placed = layout.columns(free, upstream, sizes, (0.0, below))
        result = {}
        for record in self.graph.records.values():
            x, y = record.pos or placed[record.id]
            result[record.id] = Box(x, y, *sizes[record.id])
        return result

    def nodes(self) -> list[Document]:
        return [self._node(record) for record in self.graph.records.values()]

    def groups(self) -> list[Document]:
        result = []
        for number, group in enumerate(self.graph.groups, start=1):
            box = group.bounding or layout.surround(self.boxes[node.id] for node in group.nodes)
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

    def _node(self, record: Record) -> Document:
        box = self.boxes[record.id]
        node: Document = {
            "id": record.id,
            "type": record.type,
            "pos": [_plain(box.x), _plain(box.y)],
            "size": [_plain(box.width), _plain(box.height)],
            "flags": {"collapsed": True} if record.collapsed else {},
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
        for key, value in (("color", record.color), ("bgcolor", record.bgcolor)):
            if value:
                node[key] = value
        return node

    def _inputs(self, record: Record) -> list[Document]:
        result = []
        for slot, (name, kind, spec, has_widget) in enumerate(self._sockets[record.id]):
            entry: Document = {"name": name, "type": kind}
            if spec is not None and not spec.required:
                entry["shape"] = _OPTIONAL_SHAPE
            if record.definition is not None:
                boundary = record.definition.inputs[slot]
                if boundary.label:
                    entry["label"] = boundary.label
            if has_widget:
                entry["widget"] = {"name": name}
            entry["link"] = self.incoming(record.id, slot)
            result.append(entry)
        return result

    def _outputs(self, record: Record) -> list[Document]:
        result: list[Document] = []
        if record.definition is not None:
            named = [(b.name, b.type, b.label, False) for b in record.definition.outputs]
        elif record.schema is not None:
            named = [
                (o.name, self.graph.output_of(record, slot).type, None, o.is_list)
                for slot, o in enumerate(record.schema.outputs)
            ]
        else:
            named = []
        for slot, (name, kind, label, is_list) in enumerate(named):
            entry: Document = {"name": name, "type": kind}
            if is_list:
                entry["shape"] = 6
            if label:
                entry["label"] = label
            entry["links"] = self.outgoing(record.id, slot)
            result.append(entry)
        return result


def _definition(graph: SubgraphBuilder, counter: _LinkCounter) -> Document:
    level = _Level(graph, counter)
    boxes = list(level.boxes.values())
    left = min((box.x for box in boxes), default=0.0) - 240
    right = max((box.x + box.width for box in boxes), default=0.0) + 120
    top = min((box.y for box in boxes), default=0.0)

    def slots(boundaries: list[Any], node: int, x: float) -> list[Document]:
        result = []
        for slot, boundary in enumerate(boundaries):
            links = level.outgoing(INPUT_BOUNDARY, slot) if node == INPUT_BOUNDARY else [level.incoming(OUTPUT_BOUNDARY, slot)]
            side = "input" if node == INPUT_BOUNDARY else "output"
            entry: Document = {
                "id": str(uuid.uuid5(NAMESPACE, f"{graph.id}/{side}/{boundary.name}")),
                "name": boundary.name,
                "type": boundary.type,
                "linkIds": links,
            }
            if boundary.label:
                entry["label"] = boundary.label
            entry["pos"] = [_plain(x), _plain(top + 20 + 20 * slot)]
            result.append(entry)
        return result

    return {
        "id": graph.id,
        "version": 1,
        "state": {"lastGroupId": len(graph.groups), "lastNodeId": 0, "lastLinkId": 0, "lastRerouteId": 0},
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


def _sockets(record: Record) -> list[tuple[str, str, InputSpec | None, bool]]:
    """Name, type, schema and "has a widget" of every input slot, in order."""
    if record.definition is not None:
        definition = record.definition
        return [(b.name, b.type, None, definition.promoted(b) is not None) for b in definition.inputs]
    if record.schema is None:
        return []
    return [(spec.name, spec.type, spec, spec.has_widget) for spec in record.schema.sockets(record.values, record.links)]


def _output_count(record: Record) -> int:
    if record.definition is not None:
        return len(record.definition.outputs)
    return len(record.schema.outputs) if record.schema else 0


def _refuse_missing(record: Record) -> None:
    if record.schema is None:
        return
    for spec in record.schema.sockets(record.values, record.links):
        if spec.required and not spec.has_widget and spec.name not in record.links:
            raise BuildError(f"{record.type} {record.id}: required input {spec.name!r} ({spec.type}) is not connected")


def _properties(record: Record) -> Document:
    properties: Document = {}
    if record.schema is not None:
        properties["cnr_id"] = record.schema.pack
        properties["Node name for S&R"] = record.type
    if record.models:
        properties["models"] = [dict(model) for model in record.models]
    if record.role:
        properties[ROLE] = record.role
    return {**properties, **record.properties}


def _widget_values(record: Record) -> list[Any]:
    if record.note is not None:
        return [record.note]
    if record.definition is not None:
        definition = record.definition
        shown = [b for b in definition.inputs if definition.promoted(b)]
        return [record.values.get(b.name, definition.promoted_value(b)) for b in shown]
    assert record.schema is not None
    # A generated graph gives the same video twice; who wants new seeds turns the switch.
    controls = {w.name: "fixed" for w in record.schema.widgets(record.values) if w.name.split("#")[0] == CONTROL}
    return record.schema.write_widgets({**controls, **record.values})


def _execution_order(graph: GraphBuilder, links: list[Link]) -> list[int]:
    """Nodes so that each comes after those that feed it; first come first served, as the frontend does it."""
    waiting = dict.fromkeys(graph.records, 0)
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
    return order + [node for node in graph.records if node not in order]


def _plain(value: float) -> float | int:
    """Whole numbers without a decimal point, as JavaScript writes them."""
    return int(value) if float(value).is_integer() else value
