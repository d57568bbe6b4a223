"""The form of a migration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..document import DocumentError
from ..editing.graph import Graph
from ..editing.handles import Node


class MigrationError(DocumentError):
    """A graph that a migration cannot be applied to; the message says what is missing and what would work."""


@dataclass(frozen=True)
class Option:
    """One choice that a migration leaves to the user.

    Attributes:
        name: As a key of the options; "--name-with-dashes" on the command line.
        help: Its meaning.
        default: Its value if none is given; a bool makes a switch.
        choices: The values it can have; empty if anything goes.
    """

    name: str
    help: str
    default: Any
    choices: tuple[str, ...] = ()


Options = Mapping[str, Any]
Step = Callable[[Graph, Options], "tuple[str, ...] | None"]
"""Edits a graph in place; returns remarks for the user. A graph that is already as it should be stays as it is."""


@dataclass(frozen=True)
class Migration:
    """One change of a graph.

    Attributes:
        name: Its name in scripts and files.
        summary: The change, one line.
        upgrade: Makes the change; does nothing if it is made already.
        downgrade: Takes the change back by editing, for files whose earlier bytes are not kept; None if that needs them.
        revision: Its place in the chain that `migrate` runs, from 1; None for one that is only made when asked for by name.
        repeats: It goes by what is in the file, not by the file's revision, and runs each time, behind the one that has
            the same revision: a node of an earlier form can be pasted in later.
        after: Names of steps that must have been made before. They go by what is in the graph, and are made first if need be.
        warning: Said each time before it is made.
        options: The user's choices.
    """

    name: str
    summary: str
    upgrade: Step
    downgrade: Step | None = None
    revision: int | None = None
    warning: str = ""
    options: tuple[Option, ...] = ()
    repeats: bool = False
    after: tuple[str, ...] = ()

    def defaults(self) -> dict[str, Any]:
        """The options with their default values."""
        return {option.name: option.default for option in self.options}


def removal(*types: str) -> Callable[[Graph, Options], tuple[str, ...]]:
    """A step that takes the nodes of these types out; what each passed on is connected directly."""

    def remove(graph: Graph, _options: Options) -> tuple[str, ...]:
        for kind in types:
            for node in graph.find(type=kind):
                graph.remove(node, heal=True)
        return ()

    return remove


@dataclass(frozen=True)
class NodeSwap:
    """A node of one type that another type does the work of; the migration as data.

    Attributes:
        old: Type before.
        new: Type after.
        inputs: New input name by old name, None to drop the link; unnamed ones keep their name.
        outputs: The same for outputs.
        widgets: The same for widget values.
        values: Widget values to set.
    """

    old: str
    new: str
    inputs: Mapping[str, str | None] = field(default_factory=dict)
    outputs: Mapping[str, str | None] = field(default_factory=dict)
    widgets: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, graph: Graph, node: Node) -> Node:
        """Turns one node; id, place, mode and links stay.

        Raises:
            GraphError: A link or value would be lost that the swap does not name.
        """
        return graph.swap(
            node, self.new, inputs=self.inputs, outputs=self.outputs, widgets=self.widgets, values=dict(self.values)
        )
