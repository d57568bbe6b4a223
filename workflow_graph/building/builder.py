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

from ..document import Document
from ..frontend.to_api import to_api
from ..layout import Box, Point
from ..links import INPUT_BOUNDARY
from ..node_format import ALWAYS
from ..schemas import Schemas
from ..value_check import BuildError
from .built_node import BuiltNode, check_link
from .emit import emit
from .records import (
    NAMESPACE,
    PLAIN,
    BoundaryRecord,
    FrameRecord,
    LevelRecord,
    Linked,
    Look,
    NodeRecord,
    Wire,
    WorkflowRecord,
)

AUTOMATIC_IDS_FROM = 3000
"""Nodes that are given no id are numbered from here, above every id that the guide names."""


class NodeIds:
    """The node ids of a whole file, subgraphs included (the frontend renumbers those that are not unique)."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._next = AUTOMATIC_IDS_FROM

    def claim(self, wanted: int | None) -> int:
        """Reserves an id; the next free one if none is wanted.

        Raises:
            BuildError: It is in use, or not positive.
        """
        if wanted is None:
            while self._next in self._taken:
                self._next += 1
            wanted = self._next
        if wanted in self._taken:
            raise BuildError(f"node id {wanted} is used twice (ids are unique in the file, subgraphs included)")
        if wanted <= 0:
            raise BuildError(f"node id {wanted} is not positive")
        self._taken.add(wanted)
        return wanted


class GraphBuilder:
    """One level of nodes: the whole workflow or the inside of a subgraph."""

    def __init__(self, level: LevelRecord, schemas: Schemas, ids: NodeIds) -> None:
        self.level = level
        self.schemas = schemas
        self.ids = ids

    def node(
        self,
        node_type: str,
        /,
        *,
        id: int | None = None,
        title: str | None = None,
        role: str | None = None,
        node_mode: int = ALWAYS,
        look: Look = PLAIN,
        models: Sequence[Mapping[str, Any]] = (),
        inputs: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> BuiltNode:
        """Adds a node.

        Args:
            node_type: A type that the schema snapshots know.
            id: Fixed id, unique in the whole file; otherwise numbered from `AUTOMATIC_IDS_FROM`.
            title: Title bar, if it should differ from the type's own.
            role: Stored as the property `audio_loop.role`.
            node_mode: ALWAYS, MUTED or BYPASSED.
            look: Place, size and colours.
            models: `{"name", "url", "directory", "size_gb"}` of files that the node loads, for the frontend to offer.
            inputs: Inputs by name if the name is no Python word or is taken by an argument above
                ("mode.iterations", "title"). A `Wire` makes a link, None leaves the input alone, anything else is
                a widget value. `Linked(output, value)` makes a link and stores the value under it.
            **values: The same, as keyword arguments.

        Raises:
            SchemaError: Unknown type or input.
            BuildError: A value, type or id that does not fit.
        """
        schema = self.schemas[node_type]
        record = NodeRecord(self.ids.claim(id), node_type, title, role, node_mode, look, schema, models=tuple(models))
        return self.add(record, {**(inputs or {}), **values})

    def connect(self, output: Wire, node: BuiltNode, name: str) -> None:
        """Links an output to an input by name, for links that are known only after both nodes exist."""
        node.assign({name: output})

    def note(
        self,
        text: str,
        *,
        id: int | None = None,
        title: str | None = None,
        role: str | None = None,
        size: Point = (420.0, 220.0),
    ) -> BuiltNode:
        """Adds a note in Markdown."""
        look = Look((0.0, 0.0), size, color="#432", bgcolor="#653")
        return self.add(NodeRecord(self.ids.claim(id), "MarkdownNote", title, role, look=look, note=text), {})

    def group(
        self, title: str, *nodes: BuiltNode, bounding: tuple[float, float, float, float] | None = None, color: str = "#3f789e"
    ) -> None:
        """Adds a frame around nodes, or with the given (x, y, width, height)."""
        box = Box(*bounding) if bounding else None
        self.level.frames.append(FrameRecord(title, box, tuple(node.id for node in nodes), color))

    def add(self, record: NodeRecord, values: Mapping[str, Any]) -> BuiltNode:
        """Adds a node with its inputs."""
        node = BuiltNode(self.level, record)
        if values:
            node.assign(values)
        self.level.nodes[record.id] = record
        return node


class SubgraphBuilder(GraphBuilder):
    """The inside of a subgraph, with named inputs and outputs."""

    def __init__(self, level: LevelRecord, root: WorkflowBuilder) -> None:
        super().__init__(level, root.schemas, root.ids)
        self._root = root

    def input(self, name: str, type: str, *, default: Any = None) -> Wire:
        """Declares an input and returns it for use inside.

        Args:
            name: Unique among this subgraph's inputs.
            type: Socket type, as in the schemas.
            default: Value of the instance's widget, if the input feeds a widget inside and no link comes from
                outside; otherwise the inner widget's own value is used.
        """
        inputs = self.level.inputs
        if any(boundary.name == name for boundary in inputs):
            raise BuildError(f"subgraph {self.level.name!r} has two inputs called {name!r}")
        inputs.append(BoundaryRecord(name, type, default))
        return Wire(self.level, INPUT_BOUNDARY, len(inputs) - 1, name, type)

    def output(self, name: str, source: Wire) -> None:
        """Declares an output, fed from inside."""
        outputs = self.level.outputs
        if any(boundary.name == name for boundary in outputs):
            raise BuildError(f"subgraph {self.level.name!r} has two outputs called {name!r}")
        check_link(self.level, source, "*", f"subgraph {self.level.name!r}: output {name!r}")
        outputs.append(BoundaryRecord(name, source.type, source=source))

    def place(
        self,
        graph: GraphBuilder | None = None,
        /,
        *,
        id: int | None = None,
        title: str | None = None,
        role: str | None = None,
        inputs: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> BuiltNode:
        """Puts an instance into `graph` (the workflow's top level by default); arguments as in `GraphBuilder.node`.

        All inputs and outputs must have been declared before.
        """
        record = NodeRecord(self.ids.claim(id), self.level.id, title, role, definition=self.level)
        return (graph or self._root).add(record, {**(inputs or {}), **values})


class WorkflowBuilder(GraphBuilder):
    """A whole workflow.

    Args:
        name: Decides all generated ids; two workflows should not share it.
        schemas: Known node types; the committed snapshots by default.
        revision: Stored as `extra.audio_loop.revision`, the migration up to which the file is made.
    """

    def __init__(self, name: str, schemas: Schemas | None = None, *, revision: int = 0) -> None:
        super().__init__(LevelRecord(name), schemas or Schemas.load(), NodeIds())
        self.record = WorkflowRecord(self.level, revision)

    def subgraph(self, name: str) -> SubgraphBuilder:
        """Starts a subgraph definition; `SubgraphBuilder.place` puts an instance of it into a level."""
        definitions = self.record.definitions
        if any(definition.name == name for definition in definitions):
            raise BuildError(f"two subgraphs are called {name!r}")
        definitions.append(LevelRecord(name, str(uuid.uuid5(NAMESPACE, f"{self.level.name}/{name}"))))
        return SubgraphBuilder(definitions[-1], self)

    def workflow(self) -> Document:
        """The UI document.

        Raises:
            BuildError: A required input is missing, or the graph breaks an invariant (a cycle, for example).
        """
        return emit(self.record)

    def prompt(self) -> Document:
        """The API prompt: what the frontend would send for `workflow()`."""
        return to_api(self.workflow(), self.schemas)


__all__ = ["BuildError", "BuiltNode", "GraphBuilder", "Linked", "Look", "SubgraphBuilder", "Wire", "WorkflowBuilder"]
