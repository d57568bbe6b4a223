"""A UI document as the frontend holds it after loading: slots in schema order, widget values by name, types known.

Source: comfyui-frontend-package 1.49, `litegraphService.ts` (configure), `SubgraphNode.ts`, `widgetInputs.ts`,
`subgraphDeduplication.ts`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from ..broadcasts import setters
from ..cycles import innermost_first
from ..document import Document
from ..editing.promotion import saved_values
from ..links import Link, NodeId
from ..node_format import is_subgraph_id
from ..schemas import NodeSchema, Schemas
from ..view import LevelView, NodeView, Slot, read
from .saved_values import widget_values
from .unique_ids import with_unique_ids

BROWSER_ONLY = frozenset({"Reroute", "PrimitiveNode", "Note", "MarkdownNote", "SetNode", "GetNode"})
"""Node types that exist in the browser only."""


class Socket(NamedTuple):
    """An input slot; `widget` is the widget that it belongs to, `link` the id of its link."""

    name: str
    type: Any
    link: int | None
    widget: str | None


@dataclass(eq=False, slots=True)
class FrontendNode:
    """One node as the frontend holds it in memory: slots by its class, not as the file lists them."""

    id: NodeId
    type: str
    mode: int
    title: str
    sockets: tuple[Socket, ...]
    output_types: tuple[Any, ...]
    output_links: tuple[tuple[int, ...], ...]
    values: dict[str, Any]
    schema: NodeSchema | None
    definition: FrontendLevel | None
    view: NodeView = field(repr=False)

    @property
    def is_virtual(self) -> bool:
        """Whether it never reaches the server itself."""
        return self.definition is not None or self.type in BROWSER_ONLY

    def prompt_values(self) -> Iterator[tuple[str, Any]]:
        """Widget values that are sent to the server, in widget order."""
        if self.schema is None or self.type == "CustomCombo":
            yield from self.values.items()
            return
        for widget in self.schema.widgets(self.values):
            if widget.in_prompt:
                yield widget.name, self.values.get(widget.name, widget.default)

    def is_dynamic_prompt(self, name: str) -> bool:
        """Whether the browser looks for {a|b} and comments in that text."""
        if self.schema is None or "." in name:
            return False
        return any(spec.name == name and spec.options.get("dynamicPrompts") is True for spec in self.schema.inputs)

    def host_value(self, name: str) -> Any:
        """Value of a subgraph instance's own widget."""
        return self.values.get(name)


@dataclass(eq=False)
class FrontendLevel:
    """The top level or a subgraph definition."""

    id: str
    name: str
    links: Mapping[int, Link]
    nodes: dict[NodeId, FrontendNode]
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]

    @cached_property
    def setters(self) -> dict[str, FrontendNode]:
        """SetNodes by name."""
        return {name: self.nodes[view.id] for name, view in setters(node.view for node in self.nodes.values()).items()}

    def output_link(self, slot: int) -> Link | None:
        """The link inside that feeds a boundary output."""
        if slot >= len(self.outputs):
            return None
        found = (self.links.get(link_id) for link_id in self.outputs[slot].links)
        return next((link for link in found if link is not None), None)

    def execution_order(self) -> list[FrontendNode]:
        """Nodes in the order of LGraph.computeExecutionOrder; those in circles last, by id."""
        waiting = {i: sum(socket.link is not None for socket in node.sockets) for i, node in self.nodes.items()}
        ready = deque(i for i, count in waiting.items() if count == 0)
        order: list[NodeId] = []
        seen: set[int] = set()
        while ready:
            current = ready.popleft()
            order.append(current)
            for listed in self.nodes[current].output_links:
                for link_id in listed:
                    link = self.links.get(link_id)
                    if link is None or link_id in seen:
                        continue
                    seen.add(link_id)
                    if link.target_id in waiting:
                        waiting[link.target_id] -= 1
                        if waiting[link.target_id] == 0:
                            ready.append(link.target_id)
        placed = set(order)
        rest = [i for i in self.nodes if i not in placed]
        numbers = sorted(i for i in rest if isinstance(i, int))
        return [self.nodes[i] for i in [*order, *numbers, *(i for i in rest if not isinstance(i, int))]]


class FrontendView:
    """A whole document as the frontend holds it.

    Args:
        document: The UI document; unchanged.
        schemas: Known node types.

    Raises:
        DocumentError: The document cannot be read, or subgraphs contain themselves or are nested too deep.
    """

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self.schemas = schemas
        self.notes: list[str] = []
        view = read(with_unique_ids(document), strict=True)
        self._levels = view.subgraphs
        self._built: dict[str, FrontendLevel] = {}
        for level in innermost_first(view):
            self._built[level.id] = self._build(level)
        self.subgraphs = {identity: self._built[identity] for identity in view.subgraphs}
        self.root = self._build(view.root)
        for built in [*self.subgraphs.values(), self.root]:
            _apply_primitives(built)

    def widget_by_node_name(self, name: str, widget: str) -> Any:
        """Value of a widget of the node with that type property or title, as file name prefixes refer to it."""
        nodes = [node for level in [self.root, *self.subgraphs.values()] for node in level.nodes.values()]
        found = [node for node in nodes if node.view.properties.get("Node name for S&R", node.type) == name]
        found = found or [node for node in nodes if node.title == name]
        if not found or widget not in found[0].values:
            raise KeyError(name)
        return found[0].values[widget]

    def _build(self, level: LevelView) -> FrontendLevel:
        built = FrontendLevel(level.id, level.name, level.links, {}, level.inputs, level.outputs)
        for node in level.nodes.values():
            built.nodes[node.id] = self._node(node)
        return built

    def _node(self, node: NodeView) -> FrontendNode:
        if node.type in self._levels:
            return self._instance(node, self._built[node.type])
        schema = self.schemas.get(node.type)
        values = widget_values(node, schema)
        if schema is None and node.type not in BROWSER_ONLY:
            self.notes.append(
                f"node {node.id} stands for the subgraph {node.type}, which the file does not hold"
                if is_subgraph_id(node.type)
                else f"node {node.id}: no schema knows {node.type!r}, so its widget values cannot be named"
            )
        sockets = _sockets(node, schema, values)
        types = tuple(
            schema.outputs[i].type if schema is not None and i < len(schema.outputs) else slot.type
            for i, slot in enumerate(node.outputs)
        )
        title = node.title or (schema.title if schema else node.type)
        return FrontendNode(
            node.id,
            node.type,
            node.mode,
            title,
            sockets,
            types,
            tuple(s.links for s in node.outputs),
            values,
            schema,
            None,
            node,
        )

    def _instance(self, node: NodeView, definition: FrontendLevel) -> FrontendNode:
        by_name = {slot.name: slot for slot in node.inputs}
        shown = {boundary.name: _interior_value(definition, slot) for slot, boundary in enumerate(definition.inputs)}
        sockets = tuple(
            Socket(
                boundary.name,
                boundary.type,
                next(iter(by_name[boundary.name].links), None) if boundary.name in by_name else None,
                boundary.name if shown[boundary.name] is not None else None,
            )
            for boundary in definition.inputs
        )
        promoted = [socket.name for socket in sockets if socket.widget is not None]
        saved = saved_values(node.raw, promoted)
        values = {}
        for name in promoted:
            interior = shown[name]
            assert interior is not None
            values[name] = saved.get(name, interior.value)
        types = tuple(slot.type for slot in definition.outputs)
        links = tuple(slot.links for slot in node.outputs)
        title = node.title or definition.name
        return FrontendNode(node.id, node.type, node.mode, title, sockets, types, links, values, None, definition, node)


@dataclass(frozen=True)
class _Interior:
    """The value of the widget inside that a boundary input shows outside."""

    value: Any


def _interior_value(definition: FrontendLevel, slot: int) -> _Interior | None:
    for link_id in definition.inputs[slot].links:
        link = definition.links.get(link_id)
        target = definition.nodes.get(link.target_id) if link is not None else None
        if target is None:
            continue
        socket = next((s for s in target.sockets if s.link == link_id), None)
        if socket is not None and socket.widget is not None:
            return _Interior(target.values.get(socket.widget))
    return None


def _sockets(node: NodeView, schema: NodeSchema | None, values: Mapping[str, Any]) -> tuple[Socket, ...]:
    written = {slot.name: slot for slot in node.inputs}
    if schema is None:
        return tuple(Socket(s.name, s.type, next(iter(s.links), None), s.widget) for s in node.inputs)
    linked = [slot.name for slot in node.inputs if slot.links]
    result = []
    for spec in schema.sockets(values, linked):
        slot = written.pop(spec.name, None)
        link = next(iter(slot.links), None) if slot is not None else None
        result.append(Socket(spec.name, spec.type, link, spec.name if spec.has_widget else None))
    # Slots that the schema does not have stay, unless they stand for a widget that is gone.
    result.extend(
        Socket(slot.name, slot.type, next(iter(slot.links), None), slot.widget)
        for slot in written.values()
        if slot.widget is None or slot.widget in values
    )
    return tuple(result)


def _apply_primitives(level: FrontendLevel) -> None:
    """Writes the value of each PrimitiveNode into the widgets that it is wired to (PrimitiveNode.applyToGraph)."""
    for node in level.execution_order():
        saved = node.view.widgets_values
        if node.type != "PrimitiveNode" or not isinstance(saved, list) or not saved:
            continue
        for link_id in (i for listed in node.output_links[:1] for i in listed):
            link = level.links.get(link_id)
            target = level.nodes.get(link.target_id) if link is not None else None
            socket = next((s for s in target.sockets if s.link == link_id), None) if target is not None else None
            if target is not None and socket is not None and socket.widget in target.values:
                target.values[str(socket.widget)] = saved[0]
