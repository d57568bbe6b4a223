"""UI document to API prompt, as the frontend's `graphToPrompt` makes it.

Source: comfyui-frontend-package 1.49, `executionUtil.ts`, `ExecutableNodeDTO.ts` and `SubgraphNode.ts`; SetNode/GetNode
as KJNodes' frontend extension resolves them. Subgraph instances are written out (a node inside gets the id "843:12"),
nodes that exist only in the browser disappear, bypassed nodes pass on the first input of a matching type, muted ones nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import cycles
from ..broadcasts import broadcast_name
from ..bypass import passed_input
from ..document import Document, DocumentError
from ..earlier.bring_up import in_todays_terms
from ..links import INPUT_BOUNDARY
from ..node_format import BYPASSED, IDLE, MUTED
from ..schemas import Schemas
from ..view import read
from .loaded_view import FrontendLevel, FrontendNode, FrontendView
from .text_substitution import SAVE_NODES, dynamic_prompt, has_choice, replace_in_filename


@dataclass(frozen=True)
class _At:
    """A slot of a placed node on the way back to where data come from."""

    placed: _Placed
    side: str
    slot: int
    wanted: Any = None

    @property
    def key(self) -> tuple[str, str, int, str]:
        return (self.placed.id, self.side, self.slot, str(self.wanted))


@dataclass(frozen=True)
class Conversion:
    """A prompt and what is worth knowing about it.

    Attributes:
        prompt: The prompt.
        notes: What the browser would decide at random, and what no schema knows.
        inside: Node id -> the titles of the subgraph nodes that it lies in: "Render song > First window".
    """

    prompt: Document
    notes: tuple[str, ...]
    inside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Placed:
    """A node at its place in the expanded graph."""

    node: FrontendNode
    level: FrontendLevel
    path: tuple[str, ...]
    parent: _Placed | None = field(repr=False, default=None)

    @property
    def id(self) -> str:
        return ":".join((*self.path, str(self.node.id)))


@dataclass(frozen=True)
class _Resolved:
    """Where an input gets its data: an output of a node that runs, or a value."""

    node_id: str = ""
    slot: int = -1
    is_value: bool = False
    value: Any = None


def to_api(document: Document, schemas: Schemas | None = None) -> Document:
    """Converts a UI document to the API prompt that the frontend would send; see `convert`."""
    return convert(document, schemas).prompt


def convert(document: Document, schemas: Schemas | None = None) -> Conversion:
    """Converts a UI document to the API prompt that the frontend would send.

    Args:
        document: The UI document; unchanged.
        schemas: Known node types; the committed snapshots by default.

    Returns:
        The prompt, and notes about what the browser would decide at random or what no schema knows. Nodes that an earlier
        version saved are read in today's terms first (a wired `seed` feeds `base_seed`), with a note.

    Raises:
        DocumentError: The document cannot be read, a subgraph contains itself, nodes without effect of their own feed each
            other in a circle, or the expanded graph is beyond all measure.
    """
    view = read(document, strict=True)
    if cycles.expanded_size(view) > 100_000:
        raise DocumentError("the graph has more than 100 000 nodes once its subgraphs are written out")
    known = schemas or Schemas.load()
    document, notes = in_todays_terms(document, known)
    conversion = _Converter(FrontendView(document, known)).run()
    return replace(conversion, notes=(*notes, *conversion.notes))


class _Converter:
    def __init__(self, view: FrontendView) -> None:
        self.view = view
        self.placed: dict[str, _Placed] = {}
        self.notes: list[str] = list(view.notes)
        self.resolved: dict[tuple[str, str, int, str], _Resolved | None] = {}

    def run(self) -> Conversion:
        for node in self.view.root.execution_order():
            top = _Placed(node, self.view.root, ())
            self.placed[top.id] = top
            if node.mode not in IDLE and node.definition is not None:
                for inner in self._inside(top):
                    self.placed[inner.id] = inner
        prompt: Document = {}
        for placed in self.placed.values():
            if placed.node.is_virtual or placed.node.mode in IDLE:
                continue
            prompt[placed.id] = {
                "inputs": self._inputs(placed),
                "class_type": placed.node.type,
                "_meta": {"title": placed.node.title},
            }
        inside = {identity: self._titles(self.placed[identity]) for identity in prompt if ":" in identity}
        return Conversion(_in_javascript_order(prompt), tuple(self.notes), inside)

    def _titles(self, placed: _Placed) -> str:
        """The subgraph nodes around a node, by title; with the id if its neighbour has the same."""
        names: list[str] = []
        instance = placed.parent
        while instance is not None:
            node = instance.node
            alike = [other for other in instance.level.nodes.values() if other.title == node.title]
            names.append(node.title if len(alike) == 1 else f"{node.title} ({node.id})")
            instance = instance.parent
        return " > ".join(reversed(names))

    def _inside(self, instance: _Placed) -> Iterator[_Placed]:
        definition = instance.node.definition
        assert definition is not None
        for node in definition.nodes.values():
            inner = _Placed(node, definition, (*instance.path, str(instance.node.id)), instance)
            yield inner
            if node.definition is not None:
                yield from self._inside(inner)

    def _inputs(self, placed: _Placed) -> Document:
        inputs: Document = {}
        for name, value in placed.node.prompt_values():
            inputs[name] = _boxed(self._substituted(placed, name, value))
        for index, socket in enumerate(placed.node.sockets):
            found = self._resolve_input(placed, index)
            if found is None:
                continue
            inputs[socket.name] = _boxed(found.value) if found.is_value else [found.node_id, found.slot]
        return inputs

    def _substituted(self, placed: _Placed, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if placed.node.is_dynamic_prompt(name):
            if has_choice(value):
                self.notes.append(
                    f"node {placed.id}, {name}: the browser picks an option of {{a|b}} at random, here it is the first"
                )
            return dynamic_prompt(value)
        if placed.node.type in SAVE_NODES and name == "filename_prefix":
            return replace_in_filename(value, self.view.widget_by_node_name)
        return value

    def _resolve_input(self, placed: _Placed, index: int) -> _Resolved | None:
        """Where an input gets its data. What was found on the way is kept, so that no way is walked twice."""
        step: _At | _Resolved | None = _At(placed, "input", index)
        trail: list[tuple[str, str, int, str]] = []
        visited: set[tuple[str, str, int]] = set()
        while isinstance(step, _At):
            if step.key in self.resolved:
                step = self.resolved[step.key]
                break
            trail.append(step.key)
            if step.key[:3] in visited:
                raise DocumentError(
                    f"node {step.placed.id} gets its {step.side} {step.slot} from itself, through nodes that only pass data on"
                )
            visited.add(step.key[:3])
            step = self._into(step) if step.side == "input" else self._out_of(step)
        self.resolved.update(dict.fromkeys(trail, step))
        return step

    def _into(self, at: _At) -> _At | _Resolved | None:
        """The source that feeds an input."""
        placed, index = at.placed, at.slot
        if index >= len(placed.node.sockets):
            return None
        socket = placed.node.sockets[index]
        if socket.link is None:
            return None
        link = placed.level.links.get(socket.link)
        if link is None:
            raise DocumentError(f"node {placed.id}, input {socket.name!r} holds link {socket.link}, which does not exist")
        if link.origin_id == INPUT_BOUNDARY and placed.parent is not None:
            return self._through_input(placed, link.origin_slot)
        origin = self._sibling(placed, link.origin_id)
        if origin is None:
            raise DocumentError(
                f"node {placed.id}, input {socket.name!r} comes from node {link.origin_id}, which does not exist"
            )
        return _At(origin, "output", link.origin_slot, socket.type if at.wanted is None else at.wanted)

    def _through_input(self, placed: _Placed, slot: int) -> _At | _Resolved | None:
        instance = placed.parent
        assert instance is not None
        if slot >= len(instance.node.sockets):
            raise DocumentError(f"node {placed.id} is fed by input {slot} of its subgraph, which has no such input")
        outside = instance.node.sockets[slot]
        if outside.link is not None:
            return _At(instance, "input", slot)
        if outside.widget is None:
            return None
        return _Resolved(is_value=True, value=instance.node.host_value(outside.name))

    def _out_of(self, at: _At) -> _At | _Resolved | None:
        """The source of the data that comes out of an output."""
        placed, node, slot, wanted = at.placed, at.placed.node, at.slot, at.wanted
        if node.mode == MUTED:
            return None
        if node.mode == BYPASSED:
            index = passed_input([socket.type for socket in node.sockets], node.output_types, slot, wanted)
            return None if index is None else _At(placed, "input", index)
        if node.definition is not None:
            return self._through_output(placed, slot, wanted)
        if node.type == "GetNode":
            setter = self._setter(placed)
            return None if setter is None else _At(setter, "input", 0, wanted)
        if node.is_virtual:
            if slot >= len(node.sockets) or node.sockets[slot].link is None:
                return None
            return _At(placed, "input", slot, wanted)
        return _Resolved(placed.id, slot)

    def _through_output(self, placed: _Placed, slot: int, wanted: Any) -> _At | None:
        definition = placed.node.definition
        assert definition is not None
        link = definition.output_link(slot)
        if link is None:
            return None
        if link.origin_id == INPUT_BOUNDARY:
            raise DocumentError(
                f"subgraph {definition.name!r} passes an input straight to its output {slot}, the frontend cannot run that"
            )
        inner_id = ":".join((*placed.path, str(placed.node.id), str(link.origin_id)))
        inner = self.placed.get(inner_id)
        if inner is None:
            raise DocumentError(f"node {inner_id} feeds an output of its subgraph, but does not exist")
        return _At(inner, "output", link.origin_slot, wanted)

    def _setter(self, placed: _Placed) -> _Placed | None:
        """The SetNode that a GetNode reads: of its own level, else of the nearest level around it."""
        name = broadcast_name(placed.node.view)
        current: _Placed | None = placed
        while current is not None and name is not None:
            found = current.level.setters.get(name)
            if found is not None:
                return self._sibling(current, found.id)
            current = current.parent
        self.notes.append(f"node {placed.id}: no SetNode is called {name!r}")
        return None

    def _sibling(self, placed: _Placed, node_id: Any) -> _Placed | None:
        return self.placed.get(":".join((*placed.path, str(node_id))))


def _boxed(value: Any) -> Any:
    """Lists are wrapped, because ComfyUI reads a bare list as a link."""
    return {"__value__": value} if isinstance(value, list) else value


def _in_javascript_order(prompt: Document) -> Document:
    """Whole-number keys first, ascending, as a JavaScript object keeps them; the rest as added."""
    numbers = dict.fromkeys(sorted((key for key in prompt if key.isdigit() and str(int(key)) == key), key=int))
    return {key: prompt[key] for key in [*numbers, *(key for key in prompt if key not in numbers)]}
