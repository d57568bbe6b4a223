"""One level of an editable graph: the top level or the inside of a subgraph definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .document import Document
from .handles import GraphError, Input, Node, Output
from .link_table import LinkTable
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId

if TYPE_CHECKING:
    from .graph import Graph


class Level:
    """The top level (id "") or the inside of a subgraph definition."""

    def __init__(self, graph: Graph, identity: str) -> None:
        self.graph = graph
        self.id = identity

    @property
    def raw(self) -> Document:
        """The JSON object of this level, to be changed by verbs only."""
        return self.graph.raw_level(self.id)

    @property
    def name(self) -> str:
        """Name of the subgraph; "" at the top."""
        return str(self.raw.get("name", "")) if self.id else ""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes in the order of the file."""
        return tuple(Node(self, identity) for identity in self.graph.node_index(self.id))

    def node(self, identity: NodeId) -> Node:
        """The node with that id.

        Raises:
            GraphError: There is none.
        """
        if identity not in self.graph.node_index(self.id):
            raise GraphError(f"{self} has no node {identity}")
        return Node(self, identity)

    @property
    def links(self) -> dict[int, Link]:
        """All links by id; not to be changed."""
        return self.table.by_id

    @property
    def table(self) -> LinkTable:
        """The links as verbs change them."""
        return self.graph.link_table(self.id)

    @property
    def inputs(self) -> tuple[Output, ...]:
        """The boundary inputs of a subgraph, as outputs that nodes inside can be connected to."""
        return tuple(Output(self, INPUT_BOUNDARY, i) for i in range(len(self.raw.get("inputs") or ()))) if self.id else ()

    @property
    def outputs(self) -> tuple[Input, ...]:
        """The boundary outputs of a subgraph, as inputs that nodes inside can be connected to."""
        return tuple(Input(self, OUTPUT_BOUNDARY, i) for i in range(len(self.raw.get("outputs") or ()))) if self.id else ()

    def input(self, name: str) -> Output:
        """The boundary input of that name.

        Raises:
            GraphError: There is none.
        """
        return _named(self.inputs, name, f"{self} has no input {name!r}")

    def output(self, name: str) -> Input:
        """The boundary output of that name.

        Raises:
            GraphError: There is none.
        """
        return _named(self.outputs, name, f"{self} has no output {name!r}")

    @property
    def instances(self) -> tuple[Node, ...]:
        """The nodes, at any level, that stand for this subgraph."""
        return self.graph.instances(self.id) if self.id else ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Level) and (self.graph, self.id) == (other.graph, other.id)

    def __hash__(self) -> int:
        return hash((id(self.graph), self.id))

    def __str__(self) -> str:
        return f"subgraph {self.name!r}" if self.id else "the top level"


def _named(slots: tuple[Any, ...], name: str, message: str) -> Any:
    for slot in slots:
        if slot.name == name:
            return slot
    raise GraphError(f"{message}; it has {', '.join(repr(slot.name) for slot in slots) or 'none'}")
