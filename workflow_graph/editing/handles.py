"""Handles of levels, nodes and slots: they name a thing and look it up each time, so they survive edits around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from ..document import Document
from ..links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, node_id
from ..node_format import ROLE
from ..schemas import NodeSchema
from .graph_state import GraphError, GraphState
from .link_table import LinkTable
from .missing_slots import complete_node
from .node_widgets import Widgets


@dataclass(frozen=True)
class _Slot:
    """One end of links: of a node, or of the boundary of a subgraph as it is seen from inside."""

    level: Level = field(repr=False)
    node_id: NodeId
    slot: int

    boundary: ClassVar[int]
    """Node id that stands for the boundary."""
    side: ClassVar[str]
    """Key of such slots in a node."""
    opposite: ClassVar[str]
    """Key of such slots in a subgraph, which calls its inputs what is an output inside."""

    @property
    def raw(self) -> Document:
        """The JSON object of the slot."""
        node = self.node
        slots: list[Document] = self.level.raw[self.opposite] if node is None else node.raw[self.side]
        return slots[self.slot]

    @property
    def name(self) -> str:
        """The slot's name."""
        return str(self.raw.get("name", ""))

    @property
    def type(self) -> Any:
        """The slot's type."""
        return self.raw.get("type", "*")

    @property
    def node(self) -> Node | None:
        """The node; None for the subgraph's boundary."""
        return None if self.node_id == self.boundary else self.level.node(self.node_id)


_S = TypeVar("_S", bound=_Slot)


class Output(_Slot):
    """An output of a node, or (node id -10) an input of the subgraph as it is seen from inside."""

    boundary, side, opposite = INPUT_BOUNDARY, "outputs", "inputs"

    @property
    def links(self) -> tuple[Link, ...]:
        """The links that leave it, in the level's order."""
        return tuple(link for link in self.level.table.leaving(self.node_id) if link.origin_slot == self.slot)

    @property
    def targets(self) -> tuple[Input, ...]:
        """The inputs that it feeds."""
        return tuple(Input(self.level, link.target_id, link.target_slot) for link in self.links)


class Input(_Slot):
    """An input of a node, or (node id -20) an output of the subgraph as it is seen from inside."""

    boundary, side, opposite = OUTPUT_BOUNDARY, "inputs", "outputs"

    @property
    def link(self) -> Link | None:
        """The link that ends here."""
        return next((link for link in self.level.table.entering(self.node_id) if link.target_slot == self.slot), None)

    @property
    def source(self) -> Output | None:
        """The output that feeds it."""
        link = self.link
        return None if link is None else Output(self.level, link.origin_id, link.origin_slot)


class Node:
    """A handle on one node: reads and changes it by names of inputs, outputs and widgets."""

    def __init__(self, level: Level, identity: NodeId) -> None:
        self.level = level
        self.id = identity

    @property
    def raw(self) -> Document:
        """The JSON object of the node, to be changed by verbs only."""
        return self.level.state.node(self.level.id, self.id)

    @property
    def type(self) -> str:
        """Class name; the definition's id for a subgraph instance."""
        return str(self.raw["type"])

    @property
    def schema(self) -> NodeSchema | None:
        """The schema of its type in the snapshots."""
        return self.level.state.schema(self.raw)

    @property
    def definition(self) -> Level | None:
        """The subgraph that it stands for, if any."""
        state = self.level.state
        return Level(state, self.type) if state.is_definition(self.type) else None

    @property
    def title(self) -> str:
        """The text in its title bar."""
        return self.level.state.title(self.raw)

    @property
    def role(self) -> str | None:
        """Its purpose, if it says so."""
        role = (self.raw.get("properties") or {}).get(ROLE)
        return role if isinstance(role, str) else None

    @property
    def mode(self) -> int:
        """0 runs, 2 muted, 4 bypassed; what is no number runs, as `view.read` has it."""
        mode = node_id(self.raw.get("mode"))
        return mode if isinstance(mode, int) else 0

    @property
    def widgets(self) -> Widgets:
        """Its widget values by name."""
        return Widgets(self.level.state, self.level.id, self.id)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """All input slots."""
        return tuple(Input(self.level, self.id, i) for i in range(len(self.raw.get("inputs") or ())))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All output slots."""
        return tuple(Output(self.level, self.id, i) for i in range(len(self.raw.get("outputs") or ())))

    def input(self, name: str | int) -> Input:
        """An input slot by name or index.

        Raises:
            GraphError: There is none; lists those that exist.
        """
        for slot in self.inputs:
            if name == slot.slot or name == slot.name:
                return slot
        # A file from before widgets had sockets lists only what is wired.
        if isinstance(name, str) and complete_node(self.level.state, self.level.id, self.id):
            return self.input(name)
        raise GraphError(f"{self} has no input {name!r}; it has {_names(self.inputs)}")

    def output(self, name: str | int = 0) -> Output:
        """An output slot by name, index, or type if only one has it.

        Raises:
            GraphError: There is none; lists those that exist.
        """
        for slot in self.outputs:
            if name == slot.slot or name == slot.name:
                return slot
        typed = [slot for slot in self.outputs if slot.type == name]
        if len(typed) == 1:
            return typed[0]
        raise GraphError(f"{self} has no output {name!r}; it has {_names(self.outputs)}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self.level, self.id) == (other.level, other.id)

    def __hash__(self) -> int:
        return hash((self.level, self.id))

    def __str__(self) -> str:
        return f"node {self.id} ({self.title})"

    def __repr__(self) -> str:
        return f"<Node {self.id}>"


class Level:
    """The top level (id "") or the inside of a subgraph definition."""

    def __init__(self, state: GraphState, identity: str) -> None:
        self.state = state
        self.id = identity

    @property
    def raw(self) -> Document:
        """The JSON object of this level, to be changed by verbs only."""
        return self.state.raw_level(self.id)

    @property
    def name(self) -> str:
        """Name of the subgraph; "" at the top."""
        return str(self.raw.get("name", "")) if self.id else ""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes in the order of the file."""
        return tuple(Node(self, identity) for identity in self.state.node_index(self.id))

    def node(self, identity: NodeId) -> Node:
        """The node with that id.

        Raises:
            GraphError: There is none.
        """
        if identity not in self.state.node_index(self.id):
            raise GraphError(f"{self} has no node {identity}")
        return Node(self, identity)

    @property
    def links(self) -> dict[int, Link]:
        """All links by id; not to be changed."""
        return self.table.by_id

    @property
    def table(self) -> LinkTable:
        """The links as verbs change them."""
        return self.state.link_table(self.id)

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
        places = self.state.instances(self.id) if self.id else ()
        return tuple(Node(Level(self.state, level), identity) for level, identity in places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Level) and (self.state, self.id) == (other.state, other.id)

    def __hash__(self) -> int:
        return hash((id(self.state), self.id))

    def __str__(self) -> str:
        return self.state.describe_level(self.id)


def _named(slots: tuple[_S, ...], name: str, message: str) -> _S:
    for slot in slots:
        if slot.name == name:
            return slot
    raise GraphError(f"{message}; it has {_names(slots)}")


def _names(slots: tuple[_Slot, ...]) -> str:
    return ", ".join(repr(slot.name) for slot in slots) or "none"


__all__ = ["GraphError", "Input", "Level", "Node", "Output"]
