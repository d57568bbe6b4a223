"""Turns nodes of earlier forms into today's by name: inputs, outputs, values and what was wired to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..document import Document
from ..editing.graph import Graph
from ..editing.handles import GraphError, Input, Node, Output
from ..node_kinds import CONTROLLER, PLANNER
from ..schemas import NodeSchema, Schemas, is_valid_connection
from ..view import read
from . import planner, video_frames
from .recognise import Recognised, Renamed, recognise
from .table import TABLE

_BEFORE: Mapping[str, Callable[[Graph, Node, Mapping[str, Any]], Iterator[str]]] = {
    "VideoFrameExtract": video_frames.as_video,
}
"""Steps that put something before a node first."""
_AFTER: Mapping[str, Callable[[Graph, Node, Mapping[str, Any]], Iterator[str]]] = {PLANNER: planner.fill}
"""Steps that give today's node what the earlier one got otherwise."""
_FIRST = (CONTROLLER,)
"""The planner reads the controller's values."""


def bring_up(graph: Graph) -> tuple[str, ...]:
    """Brings the nodes of an editable graph to today's form; returns what was lost, a sentence each."""
    nodes = [node for node in graph.nodes if node.type in TABLE]
    # All before the first edit: what is wired anew shows today's inputs and no longer tells its form.
    read_first = [(node, node.schema, recognise(node.raw, node.schema)) for node in nodes if node.schema is not None]
    remarks: list[str] = []
    for node, schema, found in sorted(read_first, key=lambda one: one[0].type not in _FIRST):
        if found.changes:
            with graph.guard():
                remarks.extend(_renew(graph, node, schema, found))
    return tuple(remarks)


def in_todays_terms(document: Document, schemas: Schemas) -> tuple[Document, tuple[str, ...]]:
    """A copy whose nodes of earlier forms are today's, and a sentence for each of them; the document itself without any."""
    found = []
    for level in read(document).levels():
        for node in level.nodes.values():
            schema = schemas.get(node.type) if node.type in TABLE else None
            changes = recognise(node.raw, schema).changes if schema is not None else ()
            found += [f"node {node.id} ({node.type}) was saved by an earlier version: {change}" for change in changes]
    if not found:
        return document, ()
    graph = Graph(document, schemas)
    lost = bring_up(graph)
    return graph.to_document(), (*found, *lost)


def is_outdated(node: Node) -> bool:
    """Whether a node has an earlier form."""
    return node.type in TABLE and node.schema is not None and bool(recognise(node.raw, node.schema).changes)


def _renew(graph: Graph, node: Node, schema: NodeSchema, found: Recognised) -> Iterator[str]:
    name = str(node)
    if node.type in _BEFORE:
        yield from _BEFORE[node.type](graph, node, found.earlier)
    inputs, outputs = _names(found.changes, "input"), _slots(found.changes)
    wired = {slot.name: slot.source for slot in node.inputs if slot.source is not None}
    for old, source in wired.items():
        if old in inputs and inputs[old] is None:
            yield from _gone(name, found.changes, "input", old, f"was wired to {_where(source)}")
    taken = {slot.name for slot in node.inputs if slot.link and slot.name not in inputs}
    for old, new in inputs.items():
        if new in taken and old in wired:
            yield f"{name}: {old} and {new} are both wired; {new} stays as it is and the wire from {_where(wired[old])} is gone"
            inputs[old] = None
    for value in found.misfits:
        yield f"{name}: the saved value {value} fits no widget of today's node and is gone"
    for old, value in found.earlier.items():
        if value not in ("fixed", "", False, 0) and old not in wired:
            yield from _gone(name, found.changes, "value", old, f"was {value!r}")
    feeds = _unwire(graph, node)
    node.raw["outputs"] = []
    node.raw["widgets_values"] = []
    yield from _unfit(graph, node, schema, inputs, found.values)
    graph.swap(node, node.type, inputs=inputs)
    # Not through the widgets: what a machine offers, such as attention kernels, is not in the snapshot.
    node.raw["widgets_values"] = schema.write_widgets(found.values)
    yield from _rewire(graph, node, name, feeds, outputs, found.changes)
    if node.type in _AFTER:
        yield from _AFTER[node.type](graph, node, {**found.values, **found.earlier})


def _names(changes: tuple[Renamed, ...], side: str) -> dict[str, str | None]:
    return {change.name: change.now for change in changes if change.side == side}


def _slots(changes: tuple[Renamed, ...]) -> dict[int, str | None]:
    return {change.index: change.now for change in changes if change.side == "output"}


def _gone(name: str, changes: tuple[Renamed, ...], side: str, what: str, had: str) -> Iterator[str]:
    why = next((c.why for c in changes if c.name == what and c.why), "today's node has no such thing")
    yield f"{name}: {side} {what!r} {had} and is gone: {why}"


def _where(source: Output | None) -> str:
    return f"{source.node or 'the subgraph'}.{source.name}" if source is not None else "nothing"


def _unfit(
    graph: Graph, node: Node, schema: NodeSchema, names: Mapping[str, str | None], values: Mapping[str, Any]
) -> Iterator[str]:
    """Takes off wires whose type today's input does not take."""
    for slot in node.inputs:
        source = slot.source
        now = names.get(slot.name, slot.name)
        spec = next((s for s in schema.sockets(values, [now or ""]) if s.name == now), None)
        if source is not None and spec is not None and not is_valid_connection(source.type, spec.type):
            yield f"{node}: {slot.name} takes {spec.type} today, so the wire with {source.type} from {_where(source)} is gone"
            graph.disconnect(slot)


def _unwire(graph: Graph, node: Node) -> list[tuple[int, str, tuple[Input, ...]]]:
    feeds = [(output.slot, output.name, output.targets) for output in node.outputs]
    for _, _, targets in feeds:
        for target in targets:
            graph.disconnect(target)
    return feeds


def _rewire(
    graph: Graph,
    node: Node,
    name: str,
    feeds: list[tuple[int, str, tuple[Input, ...]]],
    outputs: Mapping[int, str | None],
    changes: tuple[Renamed, ...],
) -> Iterator[str]:
    for slot, old, targets in feeds:
        now = outputs.get(slot, old)
        for target in targets:
            where = f"{target.node or 'the subgraph'}.{target.name}"
            if now is None:
                yield from _gone(name, changes, "output", old, f"fed {where}")
                continue
            try:
                graph.connect(node.output(now), target)
            except GraphError as error:
                yield f"{name}: output {old!r} no longer feeds {where}: {error}"
