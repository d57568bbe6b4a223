"""A UI document that can be edited: levels, nodes and links as handles, and verbs that keep every form of a link equal.

    graph = Graph(document)                       # a deep copy; the argument never changes
    decoder = graph.one(type="VAEDecodeTiled")
    graph.swap(decoder, "VAEDecode")
    document = graph.to_document()

A verb either succeeds or raises `GraphError` and leaves the graph as it was. No verb makes a circle, a second link into one
input, or an id that is in use.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from ..cycles import innermost_first
from ..document import Document, clone
from ..invariants import Violation, check
from ..links import Link, NodeId
from ..node_format import ALWAYS, BYPASSED
from ..plain_ids import with_plain_ids
from ..schemas import Schemas
from ..view import ROOT, read
from . import subgraph_boundary, transactions, verbs
from .graph_state import GraphError, GraphState
from .handles import Input, Level, Node, Output
from .swap import swap
from .transactions import BatchError, CircleError


class Graph:
    """An editable copy of a UI document.

    Args:
        document: The document; never changed.
        schemas: Known node types; the committed snapshots by default.

    Raises:
        DocumentError: It is no UI workflow, something in it cannot be read, or subgraphs contain themselves or are nested too
            deep.
    """

    def __init__(self, document: Document, schemas: Schemas | None = None) -> None:
        innermost_first(read(document, strict=True))
        self.state = GraphState(with_plain_ids(document), schemas or Schemas.load())

    @property
    def schemas(self) -> Schemas:
        """Known node types."""
        return self.state.schemas

    def to_document(self) -> Document:
        """The document as it is now, a copy of its own."""
        self.state.close_gaps()
        return clone(self.state.document)

    def is_now(self, document: Document) -> bool:
        """Whether the document is still this one."""
        self.state.close_gaps()
        return self.state.document == document

    def check(self) -> tuple[Violation, ...]:
        """Broken invariants, see `invariants.check`."""
        return check(self.state.document)

    @property
    def root(self) -> Level:
        """The top level."""
        return Level(self.state, ROOT)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The top level and every subgraph."""
        return tuple(Level(self.state, identity) for identity in self.state.level_ids)

    def subgraph(self, name_or_id: str) -> Level:
        """The subgraph with that id or name.

        Raises:
            GraphError: None, or several with that name.
        """
        found = [level for level in self.levels if level.id and name_or_id in (level.id, level.name)]
        if len(found) != 1:
            names = ", ".join(repr(level.name) for level in self.levels if level.id) or "none"
            raise GraphError(f"{len(found)} subgraphs are called {name_or_id!r}; there are {names}")
        return found[0]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes of all levels."""
        return tuple(node for level in self.levels for node in level.nodes)

    def find(
        self,
        *,
        type: str | None = None,
        role: str | None = None,
        title: str | None = None,
    ) -> tuple[Node, ...]:
        """The nodes, at any level, that match all that is given."""
        return tuple(
            node
            for node in self.nodes
            if (type is None or node.type == type)
            and (role is None or node.role == role)
            and (title is None or node.title == title)
        )

    def one(self, **wanted: str) -> Node:
        """The one node that `find` finds.

        Raises:
            GraphError: None or several.
        """
        found = self.find(**wanted)
        if len(found) != 1:
            what = ", ".join(f"{key} {value!r}" for key, value in wanted.items())
            raise GraphError(f"{len(found)} nodes have {what}, one was expected: {', '.join(map(str, found)) or 'none'}")
        return found[0]

    def node(self, identity: NodeId) -> Node:
        """The node with that id, at whatever level.

        Raises:
            GraphError: None, or several at different levels.
        """
        found = [level.node(identity) for level in self.levels if identity in self.state.node_index(level.id)]
        if len(found) != 1:
            raise GraphError(f"{len(found)} nodes have the id {identity}")
        return found[0]

    # The verbs; each is one function of `verbs` under a guard.

    def add(self, node_type: str, *, level: Level | None = None, **details: Any) -> Node:
        """Adds a node; see `verbs.add`."""
        with self.guard():
            return verbs.add(level or self.root, node_type, **details)

    def remove(self, node: Node, *, heal: bool = False) -> None:
        """Removes a node and its links; with `heal`, what it passed on is connected directly. See `verbs.remove`."""
        with self.guard():
            verbs.remove(node, heal=heal)

    def connect(self, output: Output, input: Input) -> Link:
        """Links an output to an input, in place of the link that the input has. See `verbs.connect`."""
        with self.guard():
            return verbs.connect(output, input)

    def disconnect(self, input: Input) -> Link | None:
        """Removes the link of an input; returns it, or None if there was none."""
        with self.guard():
            return verbs.disconnect(input)

    def splice(self, link: int, node: Node, *, level: Level | None = None, **slots: str) -> None:
        """Puts a node into a link; see `verbs.splice`."""
        with self.guard():
            verbs.splice(level or node.level, link, node, **slots)

    def bypass(self, node: Node, *, on: bool = True) -> None:
        """Bypasses a node (mode 4) or runs it again."""
        with self.guard():
            verbs.set_mode(node, BYPASSED if on else ALWAYS)

    def swap(self, node: Node, node_type: str, **maps: Mapping[Any, Any]) -> Node:
        """Turns a node into one of another type, keeping id, place and links; see `swap.swap`."""
        with self.guard():
            return swap(node, node_type, **maps)

    def add_input(self, level: Level, name: str, type: str) -> Output:
        """Adds a boundary input to a subgraph and its slot to every instance."""
        with self.guard():
            return subgraph_boundary.add_input(level, name, type)

    def remove_input(self, level: Level, name: str) -> None:
        """Removes a boundary input with its links inside and at every instance."""
        with self.guard():
            subgraph_boundary.remove_input(level, name)

    def guard(self) -> AbstractContextManager[None]:
        """Runs an edit that either succeeds as a whole or leaves no trace; see `transactions.guard`."""
        return transactions.guard(self.state)

    def batch(self, before: Document | None = None) -> AbstractContextManager[None]:
        """Runs many edits at the cost of one; see `transactions.batch`."""
        return transactions.batch(self.state, before)


__all__ = ["BatchError", "CircleError", "Graph", "GraphError", "Input", "Level", "Node", "Output"]
