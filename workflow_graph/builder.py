"""Writes a workflow once, in Python, and gives both of its forms.

    b = WorkflowBuilder("my-workflow")
    model = b.node("CheckpointLoaderSimple", id=4, role="model", ckpt_name="model.safetensors")
    text = b.node("CLIPTextEncode", id=6, clip=model.out("CLIP"), text="a song")
    b.workflow()    # the UI document
    b.prompt()      # the API prompt

Every input is checked against the schema snapshots as it is given: an unknown name, a wrong type, a choice that does not
exist or a missing required input is an error here and not in somebody's browser. The same calls give the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .checks import BuildError, check_value
from .document import Document
from .layout import Box, Point
from .links import INPUT_BOUNDARY
from .records import (
    AUTOMATIC_IDS_FROM,
    NAMESPACE,
    Boundary,
    Group,
    Linked,
    Output,
    Record,
    mode_of,
)
from .schemas import CONTROL, NodeSchema, Schemas, is_valid_connection


class Node:
    """Handle of a node under construction."""

    def __init__(self, graph: GraphBuilder, record: Record) -> None:
        self._graph = graph
        self._record = record

    @property
    def id(self) -> int:
        """The node's id."""
        return self._record.id

    @property
    def type(self) -> str:
        """The node's type; a subgraph instance has the id of its definition."""
        return self._record.type

    def out(self, name: str | int = 0) -> Output:
        """An output by name, type or slot.

        Raises:
            SchemaError: There is no such output, or several.
        """
        return self._graph.output_of(self._record, name)

    def set(self, **values: Any) -> Node:
        """Gives further inputs (values or outputs of other nodes), as in `GraphBuilder.node`."""
        self._graph.assign(self._record, values)
        return self

    def __repr__(self) -> str:
        return f"<{self.id} {self._record.title or self.type}>"


class GraphBuilder:
    """One level of nodes: the whole workflow or the inside of a subgraph."""

    def __init__(self, root: WorkflowBuilder | None, name: str, schemas: Schemas) -> None:
        self.name = name
        self.schemas = schemas
        self.records: dict[int, Record] = {}
        self.groups: list[Group] = []
        self._root = root

    @property
    def root(self) -> WorkflowBuilder:
        """The workflow that this level belongs to."""
        assert self._root is not None
        return self._root

    def node(
        self,
        node_type: str,
        /,
        *,
        id: int | None = None,
        title: str | None = None,
        role: str | None = None,
        pos: Point | None = None,
        size: Point | None = None,
        color: str | None = None,
        bgcolor: str | None = None,
        muted: bool = False,
        bypassed: bool = False,
        collapsed: bool = False,
        models: Sequence[Mapping[str, Any]] = (),
        properties: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Node:
        """Adds a node.

        Args:
            node_type: A type that the schema snapshots know.
            id: Fixed id; otherwise numbered from `AUTOMATIC_IDS_FROM`. Unique in the whole file, subgraphs included (the
                frontend renumbers those that are not).
            title: Title bar, where it should differ from the type's own.
            role: Stored as the property `audio_loop.role`.
            pos: Upper left corner; laid out automatically where left out.
            size: Width and height; estimated where left out.
            color: Title colour.
            bgcolor: Body colour.
            muted: Mode 2, the node and what needs it do not run.
            bypassed: Mode 4, inputs pass to outputs of the same type.
            collapsed: Shown as its title bar only.
            models: `{"name", "url", "directory", "size_gb"}` of files that the node loads, for the frontend to offer.
            properties: Further node properties.
            inputs: Inputs by name where the name is no Python word or is taken by an argument above
                ("mode.iterations", "size"). An `Output` makes a link, None leaves the input alone, anything else is
                a widget value. `Linked(output, value)` makes a link and stores the value under it.
            **values: The same, as keyword arguments.

        Raises:
            SchemaError: Unknown type or input.
            BuildError: A value, type or id that does not fit.
        """
        schema = self.schemas[node_type]
        record = Record(self.root.claim_id(id), node_type, title, schema)
        record.role, record.pos, record.size, record.color, record.bgcolor = role, pos, size, color, bgcolor
        record.mode, record.collapsed = mode_of(muted, bypassed), collapsed
        record.models, record.properties = tuple(models), dict(properties or {})
        self.assign(record, {**(inputs or {}), **values})
        self.records[record.id] = record
        return Node(self, record)

    def connect(self, output: Output, node: Node, name: str) -> None:
        """Links an output to an input by name, for links that are known only after both nodes exist."""
        self.assign(node._record, {name: output})

    def note(
        self,
        text: str,
        *,
        id: int | None = None,
        title: str | None = None,
        pos: Point = (0.0, 0.0),
        size: Point = (420.0, 220.0),
        color: str = "#432",
        bgcolor: str = "#653",
        role: str | None = None,
    ) -> Node:
        """Adds a note in Markdown."""
        record = Record(self.root.claim_id(id), "MarkdownNote", title, None, note=text)
        record.role, record.pos, record.size, record.color, record.bgcolor = role, pos, size, color, bgcolor
        self.records[record.id] = record
        return Node(self, record)

    def group(
        self, title: str, *nodes: Node, bounding: tuple[float, float, float, float] | None = None, color: str = "#3f789e"
    ) -> None:
        """Adds a frame around nodes, or with the given (x, y, width, height)."""
        self.groups.append(Group(title, Box(*bounding) if bounding else None, nodes, color))

    def subgraph(self, name: str) -> SubgraphBuilder:
        """Starts a subgraph definition; `SubgraphBuilder.place` puts an instance of it into a graph."""
        return self.root.define(name)

    def output_of(self, record: Record, name: str | int) -> Output:
        """See `Node.out`."""
        if record.definition is not None:
            return record.definition.instance_output(self, record, name)
        if record.schema is None:
            raise BuildError(f"{record.type} {record.id} has no outputs")
        slot = record.schema.output_index(name)
        spec = record.schema.outputs[slot]
        kind = spec.type
        if spec.match_group:
            grouped = [i.name for i in record.schema.sockets(record.values, record.links) if i.match_group == spec.match_group]
            kind = next((record.links[n].type for n in grouped if n in record.links and record.links[n].type != "*"), kind)
        return Output(self, record.id, slot, spec.name, kind)

    def assign(self, record: Record, values: Mapping[str, Any]) -> None:
        """See `Node.set`."""
        if record.definition is not None:
            record.definition.assign_instance(self, record, values)
            return
        if record.schema is None:
            raise BuildError(f"{record.type} {record.id} has no inputs")
        # Choices of a DynamicCombo decide which other inputs exist, so they come first (outer names are shorter).
        for name, value in sorted(values.items(), key=lambda item: (item[0].count("."), isinstance(item[1], Output))):
            self._assign_one(record, record.schema, name, value)

    def _assign_one(self, record: Record, schema: NodeSchema, name: str, value: Any) -> None:
        who = f"{record.type} {record.id}"
        if value is None:
            schema.input(name, record.values)
            return
        if isinstance(value, Linked):
            self._assign_one(record, schema, name, value.value)
            value = value.output
        if isinstance(value, Node):
            raise BuildError(f"{who}: input {name!r} was given the node {value!r}; say which output with .out(...)")
        if isinstance(value, Output):
            spec = schema.input(name, record.values)
            if not spec.takes_link:
                raise BuildError(f"{who}: input {name!r} takes no link")
            self.check_link(value, spec.type, f"{who}: input {name!r}")
            record.links[name] = value
            return
        if name.split("#")[0] in (CONTROL, "control_filter_list"):
            if name not in [widget.name for widget in schema.widgets(record.values)]:
                raise BuildError(f"{who}: no widget {name!r}")
            record.values[name] = value
            return
        check_value(schema.input(name, record.values), value, who)
        record.values[name] = value

    def check_link(self, output: Output, wanted: str, where: str) -> None:
        """Refuses a link from another level or between types that do not fit."""
        if output.graph is not self:
            raise BuildError(
                f"{where} was given an output of {output.graph.name!r}, but the node is in {self.name!r}; "
                "pass it through an input or output of the subgraph"
            )
        if not is_valid_connection(output.type, wanted):
            raise BuildError(f"{where} takes {wanted}, but output {output.name!r} of node {output.node_id} gives {output.type}")


class SubgraphBuilder(GraphBuilder):
    """The inside of a subgraph, with named inputs and outputs."""

    def __init__(self, root: WorkflowBuilder, name: str, schemas: Schemas) -> None:
        super().__init__(root, name, schemas)
        self.id = str(uuid.uuid5(NAMESPACE, f"{root.name}/{name}"))
        self.inputs: list[Boundary] = []
        self.outputs: list[Boundary] = []

    def input(self, name: str, type: str, *, default: Any = None, label: str | None = None) -> Output:
        """Declares an input and returns it for use inside.

        Args:
            name: Unique among this subgraph's inputs.
            type: Socket type, as in the schemas.
            default: Value of the instance's widget, where the input feeds a widget inside and no link comes from
                outside; otherwise the inner widget's own value is used.
            label: What is shown instead of the name.
        """
        if any(boundary.name == name for boundary in self.inputs):
            raise BuildError(f"subgraph {self.name!r} has two inputs called {name!r}")
        self.inputs.append(Boundary(name, type, label, default))
        return Output(self, INPUT_BOUNDARY, len(self.inputs) - 1, name, type)

    def output(self, name: str, source: Output, *, label: str | None = None) -> None:
        """Declares an output, fed from inside."""
        if any(boundary.name == name for boundary in self.outputs):
            raise BuildError(f"subgraph {self.name!r} has two outputs called {name!r}")
        self.check_link(source, "*", f"subgraph {self.name!r}: output {name!r}")
        self.outputs.append(Boundary(name, source.type, label, source=source))

    def place(
        self,
        graph: GraphBuilder | None = None,
        /,
        *,
        id: int | None = None,
        title: str | None = None,
        role: str | None = None,
        pos: Point | None = None,
        size: Point | None = None,
        color: str | None = None,
        bgcolor: str | None = None,
        muted: bool = False,
        bypassed: bool = False,
        properties: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Node:
        """Puts an instance into `graph` (the workflow's top level by default); arguments as in `GraphBuilder.node`.

        All inputs and outputs must have been declared before.
        """
        target = graph or self.root
        record = Record(self.root.claim_id(id), self.id, title, None, self)
        record.role, record.pos, record.size, record.color, record.bgcolor = role, pos, size, color, bgcolor
        record.mode, record.properties = mode_of(muted, bypassed), dict(properties or {})
        self.assign_instance(target, record, {**(inputs or {}), **values})
        target.records[record.id] = record
        return Node(target, record)

    def assign_instance(self, graph: GraphBuilder, record: Record, values: Mapping[str, Any]) -> None:
        """Inputs of an instance of this subgraph that lies in `graph`."""
        for name, value in values.items():
            boundary = next((b for b in self.inputs if b.name == name), None)
            where = f"subgraph {self.name!r} {record.id}: input {name!r}"
            if boundary is None:
                raise BuildError(f"{where} does not exist; there are {', '.join(b.name for b in self.inputs) or 'none'}")
            if isinstance(value, Output):
                graph.check_link(value, boundary.type, where)
                record.links[name] = value
            elif value is not None:
                target = self.promoted(boundary)
                if target is None:
                    raise BuildError(f"{where} feeds no widget, so it takes a link and no value")
                record.values[name] = value

    def instance_output(self, graph: GraphBuilder, record: Record, name: str | int) -> Output:
        """Output of an instance by name or slot."""
        for slot, boundary in enumerate(self.outputs):
            if name in (boundary.name, slot):
                return Output(graph, record.id, slot, boundary.name, boundary.type)
        names = ", ".join(boundary.name for boundary in self.outputs) or "none"
        raise BuildError(f"subgraph {self.name!r} has no output {name!r}; there are {names}")

    def promoted(self, boundary: Boundary) -> tuple[Record, str] | None:
        """The first inner widget that an input feeds, if any: the instance shows that widget."""
        slot = self.inputs.index(boundary)
        for record in self.records.values():
            for name, output in record.links.items():
                if (output.node_id, output.slot) != (INPUT_BOUNDARY, slot):
                    continue
                if record.schema is not None and record.schema.input(name, record.values).has_widget:
                    return record, name
                if record.definition is not None:
                    inner = next(b for b in record.definition.inputs if b.name == name)
                    if record.definition.promoted(inner):
                        return record, name
        return None

    def promoted_value(self, boundary: Boundary) -> Any:
        """The value that an instance starts with for a promoted input."""
        if boundary.default is not None:
            return boundary.default
        found = self.promoted(boundary)
        if found is None:
            return None
        record, name = found
        if record.definition is not None:
            inner = next(b for b in record.definition.inputs if b.name == name)
            return record.values.get(name, record.definition.promoted_value(inner))
        assert record.schema is not None
        return record.values.get(name, record.schema.input(name, record.values).default)


class WorkflowBuilder(GraphBuilder):
    """A whole workflow.

    Args:
        name: Decides all generated ids; two workflows should not share it.
        schemas: Known node types; the committed snapshots by default.
        revision: Stored as `extra.audio_loop.revision`, the migration up to which the file is made.
        extra: Further entries of the document's `extra`.
    """

    def __init__(
        self, name: str, schemas: Schemas | None = None, *, revision: int = 0, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(None, name, schemas or Schemas.load())
        self._root = self
        self.revision = revision
        self.extra = dict(extra or {})
        self.definitions: list[SubgraphBuilder] = []
        self._ids: set[int] = set()
        self._next_id = AUTOMATIC_IDS_FROM

    def define(self, name: str) -> SubgraphBuilder:
        """See `GraphBuilder.subgraph`."""
        if any(definition.name == name for definition in self.definitions):
            raise BuildError(f"two subgraphs are called {name!r}")
        definition = SubgraphBuilder(self, name, self.schemas)
        self.definitions.append(definition)
        return definition

    def claim_id(self, wanted: int | None) -> int:
        """Reserves a node id for the whole file."""
        if wanted is None:
            while self._next_id in self._ids:
                self._next_id += 1
            wanted = self._next_id
        if wanted in self._ids:
            raise BuildError(f"node id {wanted} is used twice (ids are unique in the file, subgraphs included)")
        if wanted <= 0:
            raise BuildError(f"node id {wanted} is not positive")
        self._ids.add(wanted)
        return wanted

    def workflow(self) -> Document:
        """The UI document.

        Raises:
            BuildError: A required input is missing, or the graph breaks an invariant (a cycle, for example).
        """
        from .emit import emit

        return emit(self)

    def prompt(self) -> Document:
        """The API prompt: what the frontend would send for `workflow()`."""
        from .to_api import to_api

        return to_api(self.workflow(), self.schemas)


__all__ = ["BuildError", "GraphBuilder", "Linked", "Node", "Output", "SubgraphBuilder", "WorkflowBuilder"]
