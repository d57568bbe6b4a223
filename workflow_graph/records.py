"""What the builder remembers of nodes, links and frames until a document is made of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .checks import BuildError
from .layout import Box, Point
from .links import NodeId
from .schemas import NodeSchema

if TYPE_CHECKING:
    from .builder import GraphBuilder, Node, SubgraphBuilder

NAMESPACE = uuid.UUID("6f0c8f0e-5b8f-5d0e-9f3a-2f6a0b1c7d11")
"""Root of all ids in generated files; arbitrary, but never to change."""

ALWAYS, MUTED, BYPASSED = 0, 2, 4

ROLE = "audio_loop.role"
"""The node property that says what a node is for; rules and migrations find nodes by it."""

AUTOMATIC_IDS_FROM = 3000
"""Nodes that are given no id are numbered from here, above every id that the guide names."""


@dataclass(frozen=True)
class Output:
    """An output slot of a node (or of the subgraph's input boundary), to be given as an input of another node."""

    graph: GraphBuilder = field(repr=False)
    node_id: NodeId
    slot: int
    name: str
    type: str


@dataclass
class Boundary:
    """One declared input or output of a subgraph."""

    name: str
    type: str
    label: str | None = None
    default: Any = None
    source: Output | None = None


@dataclass
class Record:
    """Everything said about one node."""

    id: int
    type: str
    title: str | None
    schema: NodeSchema | None
    definition: SubgraphBuilder | None = None
    role: str | None = None
    pos: Point | None = None
    size: Point | None = None
    color: str | None = None
    bgcolor: str | None = None
    mode: int = ALWAYS
    collapsed: bool = False
    models: tuple[Mapping[str, Any], ...] = ()
    properties: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Output] = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True)
class Linked:
    """A link together with the value that the widget under it keeps (shown when the link is removed)."""

    output: Output
    value: Any


@dataclass(frozen=True)
class Group:
    """A frame around nodes, or with a rectangle of its own."""

    title: str
    bounding: Box | None
    nodes: tuple[Node, ...]
    color: str


def mode_of(muted: bool, bypassed: bool) -> int:
    """The mode that the file stores for a node."""
    if muted and bypassed:
        raise BuildError("a node is either muted or bypassed, not both")
    return MUTED if muted else BYPASSED if bypassed else ALWAYS
