"""A workflow without subgraphs: what every instance stands for, written out at the top level.

The meaning stays: what Run would send is the same but for the ids. Ids inside are kept if they are free. The nodes of each
instance are put below the rest, side by side, with a frame that has its title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .. import cycles
from ..broadcasts import broadcast_name
from ..bypass import passed_input
from ..document import Document, DocumentError, clone
from ..editing import node_widgets, promotion
from ..editing.graph_state import GraphState
from ..invariants import check
from ..links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, write
from ..node_format import BYPASSED, IDLE, MUTED
from ..plain_ids import with_plain_ids
from ..schemas import Schemas
from ..view import ROOT, LevelView, NodeView, read
from . import app_fields
from .bends import Bends
from .places import Places, moved

MOST_NODES = 100_000
_BREAKS = frozenset({"link_origin", "link_target", "input_link"})
"""Invariants without which nobody can say where a link leads."""


@dataclass(frozen=True)
class Unfolded:
    """A flat document.

    Attributes:
        document: It.
        ids: New id by former id, for the nodes whose own id was taken; the former id names its instances ("843:12").
        notes: What could not be kept, in sentences.
    """

    document: Document
    ids: dict[str, NodeId]
    notes: tuple[str, ...]


def unfold(document: Document, schemas: Schemas | None = None) -> Unfolded:
    """Writes out every subgraph instance, nested ones too.

    Args:
        document: The UI document; unchanged.
        schemas: Known node types; the committed snapshots by default.

    Raises:
        DocumentError: The document cannot be read, a link in it is broken, a subgraph contains itself, the flat graph would
            have more than `MOST_NODES` nodes, or two SetNodes of one name would meet.
    """
    view = read(document, strict=True)
    broken = next((each for each in check(document) if each.code in _BREAKS), None)
    if broken is not None:
        raise DocumentError(f"{broken.where}: {broken.message}; python scripts/workflow.py repair mends links")
    if cycles.expanded_size(view) > MOST_NODES:
        raise DocumentError(f"the flat graph would have more than {MOST_NODES} nodes")
    return _Unfolding(with_plain_ids(document), schemas or Schemas.load()).run()


@dataclass
class _Inside:
    """One instance on its way out: copies of its nodes, and how its ids are called at the top level."""

    instance: NodeView
    level: LevelView
    node_ids: dict[NodeId, NodeId] = field(default_factory=dict)
    link_ids: dict[int, int] = field(default_factory=dict)
    nodes: list[Document] = field(default_factory=list)


class _Unfolding:
    def __init__(self, document: Document, schemas: Schemas) -> None:
        self.document = document
        self.state = GraphState(document, schemas)
        self.former: dict[NodeId, str] = {}
        self.ids: dict[str, NodeId] = {}
        self.notes: list[str] = []
        self.bends = Bends(document)
        self.places = Places(document)

    def run(self) -> Unfolded:
        while True:
            view = read(self.document, strict=True)
            instance = next((node for node in view.root.nodes.values() if view.is_instance(node)), None)
            if instance is None:
                break
            self._expand(view.root, instance, view.subgraphs[instance.type])
            self.state.reindex()
        links = read(self.document).root.links
        self.bends.write(links)
        self.document.pop("definitions", None)
        return Unfolded(self.document, self.ids, tuple(self.notes))

    def _expand(self, root: LevelView, instance: NodeView, level: LevelView) -> None:
        values = promotion.values_of(self.state, instance.raw)
        inside = self._copies(root, instance, level)
        links = dict(root.links)
        entering = {slot.name: links.get(slot.links[0]) for slot in instance.inputs if slot.links}
        sources = [entering.get(boundary.name) for boundary in level.inputs]
        for link in level.links.values():
            if link.target_id != OUTPUT_BOUNDARY and link.origin_id != INPUT_BOUNDARY:
                origin, target = inside.node_ids[link.origin_id], inside.node_ids[link.target_id]
                links[inside.link_ids[link.id]] = link._replace(id=inside.link_ids[link.id], origin_id=origin, target_id=target)
        # Outputs first: an instance may feed itself.
        cut = [*self._leave(inside, sources, links), *self._enter(inside, sources, links)]
        for outer in sources:
            if outer is not None:
                links.pop(outer.id, None)
        nodes = [node for node in self.document["nodes"] if node["id"] != instance.id] + inside.nodes
        by_id = {node["id"]: node for node in nodes}
        for node_id, slot in cut:
            if node_id in by_id:
                by_id[node_id]["inputs"][slot]["link"] = None
        self.document["nodes"] = nodes
        self._write_links(links)
        self.state.reindex()
        self._give_values(inside, sources, values)
        app_fields.follow(self.document, [instance.id], dict(self._give_labels(inside)))

    def _copies(self, root: LevelView, instance: NodeView, level: LevelView) -> _Inside:
        """The nodes, with ids and places at the top level."""
        inside = _Inside(instance, level)
        self._refuse_doubles(root, instance, level)
        taken = set(root.nodes) - {instance.id}
        around = self.former.pop(instance.id, str(instance.id))
        for node_id in level.nodes:
            fresh = node_id if node_id not in taken else self.state.new_id("node")
            taken.add(fresh)
            inside.node_ids[node_id] = fresh
            former = f"{around}:{node_id}"
            self.former[fresh] = former
            if fresh != node_id and level.nodes[node_id].type not in self.state.level_ids:
                self.ids[former] = fresh
            if isinstance(fresh, int):
                self.state.note_id("node", fresh)
        for link_id in level.links:
            inside.link_ids[link_id] = link_id if link_id not in root.links else self.state.new_id("link")
            self.state.note_id("link", inside.link_ids[link_id])
        plain = [node.raw for node in level.nodes.values() if node.type not in self.state.level_ids]
        offset = self.places.make_room(plain, level.raw.get("groups") or ())
        for node_id, node in level.nodes.items():
            raw = clone(node.raw)
            raw["id"] = inside.node_ids[node_id]
            raw["pos"] = moved(raw, offset)
            if instance.mode in IDLE:
                raw["mode"] = MUTED
            for slot in raw.get("inputs") or ():
                slot["link"] = inside.link_ids.get(slot.get("link"))
            for slot in raw.get("outputs") or ():
                slot["links"] = [inside.link_ids[link] for link in slot.get("links") or () if link in inside.link_ids]
            inside.nodes.append(raw)
        standing = [node for node in inside.nodes if node["type"] not in self.state.level_ids]
        self.places.frame(inside.instance.title or level.name, standing, level.raw.get("groups") or (), offset)
        self.bends.take_in(level, inside.link_ids, offset)
        return inside

    def _refuse_doubles(self, root: LevelView, instance: NodeView, level: LevelView) -> None:
        outside = {broadcast_name(node) for node in root.nodes.values() if node.type == "SetNode"} - {None}
        for node in level.nodes.values():
            if node.type == "SetNode" and broadcast_name(node) in outside:
                raise DocumentError(
                    f"node {instance.id} holds a SetNode called {broadcast_name(node)!r}, and so does the level around it; "
                    "give one of them another name first"
                )

    def _enter(self, inside: _Inside, sources: list[Link | None], links: dict[int, Link]) -> Iterator[tuple[NodeId, int]]:
        """Leads links into the instance to the inputs inside; gives the inputs that nothing feeds any more."""
        for slot, boundary in enumerate(inside.level.inputs):
            outer, fed = sources[slot], []
            outer = None if outer is None else links.get(outer.id)
            for link_id in boundary.links:
                link = inside.level.links.get(link_id)
                if link is None or link.target_id not in inside.node_ids:
                    continue
                target, new = inside.node_ids[link.target_id], inside.link_ids[link_id]
                if outer is None:
                    yield target, link.target_slot
                    continue
                links[new] = Link(new, outer.origin_id, outer.origin_slot, target, link.target_slot, outer.type)
                self.bends.join(outer.id, new, new)
                fed.append(new)
            if outer is not None:
                self._swap_in_output(inside, outer, outer.id, fed)

    def _leave(self, inside: _Inside, sources: list[Link | None], links: dict[int, Link]) -> Iterator[tuple[NodeId, int]]:
        """Lets links out of the instance come from the outputs inside; gives the inputs that nothing feeds any more."""
        instance, level = inside.instance, inside.level
        for slot, outgoing in enumerate(instance.outputs):
            ending = level.outputs[slot].links if slot < len(level.outputs) else ()
            inner = next((level.links[link] for link in ending if link in level.links), None)
            kept = []
            for link_id in outgoing.links:
                outer = links.get(link_id)
                if outer is None:
                    continue
                passed = self._passed(inside, sources, slot, outer) if instance.mode == BYPASSED else None
                if instance.mode == BYPASSED or (inner is not None and inner.origin_id == INPUT_BOUNDARY):
                    if passed is None and inner is not None and instance.mode != BYPASSED:
                        passed = sources[inner.origin_slot]
                    if passed is None:
                        del links[link_id]
                        yield outer.target_id, outer.target_slot
                        continue
                    links[link_id] = outer._replace(origin_id=passed.origin_id, origin_slot=passed.origin_slot)
                    self.bends.join(passed.id, link_id, link_id)
                    self._swap_in_output(inside, passed, None, [link_id])
                elif inner is None:
                    del links[link_id]
                    yield outer.target_id, outer.target_slot
                else:
                    origin = inside.node_ids[inner.origin_id]
                    links[link_id] = outer._replace(origin_id=origin, origin_slot=inner.origin_slot)
                    self.bends.join(inside.link_ids[inner.id], link_id, link_id)
                    kept.append(link_id)
            if inner is not None and inner.origin_id in inside.node_ids:
                origin = inside.node_ids[inner.origin_id]
                raw = next(node for node in inside.nodes if node["id"] == origin)
                _swap(raw["outputs"][inner.origin_slot], inside.link_ids[inner.id], kept)

    def _passed(self, inside: _Inside, sources: list[Link | None], slot: int, outer: Link) -> Link | None:
        """The link whose value a bypassed instance hands on."""
        target = next((node for node in self.document["nodes"] if node["id"] == outer.target_id), None)
        inputs = (target or {}).get("inputs") or ()
        wanted = inputs[outer.target_slot].get("type", "*") if 0 <= outer.target_slot < len(inputs) else "*"
        types = [boundary.type for boundary in inside.level.inputs]
        index = passed_input(types, [boundary.type for boundary in inside.level.outputs], slot, wanted)
        return None if index is None else sources[index]

    def _swap_in_output(self, inside: _Inside, source: Link, old: int | None, new: list[int]) -> None:
        nodes = [*inside.nodes, *self.document["nodes"]]
        raw = next(node for node in nodes if node["id"] == source.origin_id)
        _swap(raw["outputs"][source.origin_slot], old, new)

    def _give_values(self, inside: _Inside, sources: list[Link | None], values: dict[str, Any]) -> None:
        """Gives what the instance's widgets said to the widgets that they stood for."""
        for slot, boundary in enumerate(inside.level.inputs):
            if sources[slot] is not None or boundary.name not in values:
                continue
            for link_id in boundary.links:
                link = inside.level.links.get(link_id)
                target = inside.level.nodes.get(link.target_id) if link is not None else None
                if link is None or target is None:
                    continue
                socket, fresh = target.inputs[link.target_slot], inside.node_ids[target.id]
                own = promotion.values_of(self.state, self.state.node(ROOT, fresh))
                if socket.widget not in own:
                    self.notes.append(
                        f"node {fresh}, input {socket.name!r}: it had {values[boundary.name]!r} from a widget of its subgraph; "
                        "without the subgraph nothing can say that"
                    )
                    continue
                node_widgets.store(self.state, ROOT, fresh, {**own, str(socket.widget): values[boundary.name]})

    def _give_labels(self, inside: _Inside) -> Iterator[tuple[app_fields.Field, app_fields.Field]]:
        """Gives what the instance called its widgets to those that they stood for; tells which they are."""
        called = {slot.name: slot.label for slot in inside.instance.inputs}
        by_id = {node["id"]: node for node in self.document["nodes"]}
        for boundary in inside.level.inputs:
            links = (inside.level.links.get(link_id) for link_id in boundary.links)
            target = next((link for link in links if link is not None and link.target_id in inside.node_ids), None)
            if target is None:
                continue
            raw = by_id[inside.node_ids[target.target_id]]
            for slot in raw["inputs"][target.target_slot :][:1]:
                if label := called.get(boundary.name) or boundary.label:
                    slot.setdefault("label", label)
                yield (inside.instance.id, boundary.name), (raw["id"], (slot.get("widget") or slot)["name"])

    def _write_links(self, links: dict[int, Link]) -> None:
        as_objects = self.state.link_table(ROOT).as_objects
        self.document["links"] = [write(link, as_object=as_objects) for link in links.values()]


def _swap(output: Document, old: int | None, new: list[int]) -> None:
    """Puts links into the list of an output in place of another one, or at its end."""
    listed = list(output.get("links") or ())
    place = listed.index(old) if old in listed else len(listed)
    output["links"] = [*listed[:place], *new, *listed[place + (old in listed) :]]
