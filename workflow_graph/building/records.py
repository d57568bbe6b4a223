"""Nodes, links and frames under construction, as plain data until a document is made of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..layout import Box, Point
from ..links import NodeId
from ..node_format import ALWAYS
from ..schemas import NodeSchema

NAMESPACE = uuid.UUID("6f0c8f0e-5b8f-5d0e-9f3a-2f6a0b1c7d11")
"""Root of all ids in generated files; arbitrary, but never to change."""


@dataclass(frozen=True)
class Wire:
    """The value of an output of a node (or of the input boundary of a subgraph), to be handed to an input of another node."""

    level: LevelRecord = field(repr=False)
    node_id: NodeId
    slot: int
    name: str
    type: str


@dataclass(frozen=True)
class Linked:
    """A link together with the value that the widget under it keeps (shown when the link is removed)."""

    output: Wire
    value: Any


@dataclass(frozen=True)
class Look:
    """How a node looks on the canvas.

    Attributes:
        pos: Upper left corner in pixels; laid out automatically if left out.
        size: Width and height in pixels; estimated if left out.
        color: Title colour.
        bgcolor: Body colour.
        collapsed: Shown as its title bar only.
    """

    pos: Point | None = None
    size: Point | None = None
    color: str | None = None
    bgcolor: str | None = None
    collapsed: bool = False


PLAIN = Look()


@dataclass
class NodeRecord:
    """Everything said about one node; `definition` is the subgraph that it stands for, `note` the text of a note."""

    id: int
    type: str
    title: str | None
    role: str | None = None
    mode: int = ALWAYS
    look: Look = PLAIN
    schema: NodeSchema | None = None
    definition: LevelRecord | None = None
    note: str | None = None
    models: tuple[Mapping[str, Any], ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Wire] = field(default_factory=dict)


@dataclass(frozen=True)
class BoundaryRecord:
    """One declared input (with the value that its widget starts with) or output (with what feeds it) of a subgraph."""

    name: str
    type: str
    default: Any = None
    source: Wire | None = None


@dataclass(frozen=True)
class FrameRecord:
    """A frame around nodes, or with a rectangle of its own."""

    title: str
    bounding: Box | None
    nodes: tuple[int, ...]
    color: str


@dataclass(eq=False)
class LevelRecord:
    """The top level (id "") or the inside of a subgraph."""

    name: str
    id: str = ""
    nodes: dict[int, NodeRecord] = field(default_factory=dict)
    frames: list[FrameRecord] = field(default_factory=list)
    inputs: list[BoundaryRecord] = field(default_factory=list)
    outputs: list[BoundaryRecord] = field(default_factory=list)


@dataclass(frozen=True)
class WorkflowRecord:
    """A whole workflow; `revision` is the migration up to which it is made."""

    root: LevelRecord
    revision: int
    definitions: list[LevelRecord] = field(default_factory=list)
