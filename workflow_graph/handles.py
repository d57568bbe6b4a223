"""Handles of nodes and slots in a `Graph`: they name a thing and look it up each time, so they survive edits around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from .document import Document, DocumentError
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, node_id
from .node_widgets import Widgets
from .schemas import NodeSchema

if TYPE_CHECKING:
    from .level import Level


class GraphError(DocumentError):
    """An edit that cannot be made; the graph is as it was."""


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
        return self.level.raw[self.opposite][self.slot] if node is None else node.raw[self.side][self.slot]

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


class Output(_Slot):
    """An output of a node, or (node id -10) an input of the subgraph as it is seen from inside."""

    boundary, side, opposite = INPUT_BOUNDARY, "outputs", "inputs"

    @property
    def links(self) -> tuple[Link, ...]:
        """The links that leave it."""
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
    """A node of one level."""

    def __init__(self, level: Level, identity: NodeId) -> None:
        self.level = level
        self.id = identity

    @property
    def raw(self) -> Document:
        """The JSON object of the node, to be changed by verbs only."""
        found = self.level.graph.node_index(self.level.id).get(self.id)
        if found is None:
            raise GraphError(f"node {self.id} has been removed from {self.level}")
        return found

    @property
    def type(self) -> str:
        """Class name; the definition's id for a subgraph instance."""
        return str(self.raw["type"])

    @property
    def schema(self) -> NodeSchema | None:
        """What the snapshots know of its type."""
        return self.level.graph.schemas.get(self.type)

    @property
    def definition(self) -> Level | None:
        """The subgraph that it stands for, if any."""
        return self.level.graph.definition(self.type)

    @property
    def title(self) -> str:
        """What its title bar shows."""
        if self.raw.get("title"):
            return str(self.raw["title"])
        definition = self.definition
        schema = self.schema
        return definition.name if definition else schema.title if schema else self.type

    @property
    def role(self) -> str | None:
        """What it is for, if it says so."""
        role = (self.raw.get("properties") or {}).get("audio_loop.role")
        return role if isinstance(role, str) else None

    @property
    def mode(self) -> int:
        """0 runs, 2 muted, 4 bypassed; what is no number runs, as `view.read` has it."""
        mode = node_id(self.raw.get("mode"))
        return mode if isinstance(mode, int) else 0

    @property
    def widgets(self) -> Widgets:
        """Its widget values by name."""
        return Widgets(self)

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
        from .missing_slots import complete_node

        # A file from before widgets had sockets lists only what is wired.
        if isinstance(name, str) and complete_node(self):
            return self.input(name)
        raise GraphError(f"{self} has no input {name!r}; it has {_names(self.inputs)}")

    def output(self, name: str | int = 0) -> Output:
        """An output slot by name, index, or type where only one has it.

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


def _names(slots: tuple[Any, ...]) -> str:
    return ", ".join(repr(slot.name) for slot in slots) or "none"
