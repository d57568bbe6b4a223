"""The links of one level while they are edited: found by id and by node, taken out without moving the others.

Every edit costs what the nodes at both ends cost, however large the graph is. The place of a link that is taken out stays
empty until `close_gaps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import links as link_form
from ..document import Document
from ..links import Link, NodeId


class LinkTable:
    """The links of a level.

    Args:
        raw: The JSON object of the level; its list of links is changed in place.
        nodes: The JSON objects of its nodes.
        inside: Whether it is the inside of a subgraph.
    """

    def __init__(self, raw: Document, nodes: Iterable[Document], *, inside: bool) -> None:
        table = raw.get("links")
        self.table: list[Any] = table if isinstance(table, list) else raw.setdefault("links", [])
        self.by_id: dict[int, Link] = {}
        self._places: dict[int, int] = {}
        self._leaving: dict[NodeId, dict[int, None]] = {}
        self._entering: dict[NodeId, dict[int, None]] = {}
        self._gaps: set[int] = set()
        self._nulls = sum(entry is None for entry in self.table)
        """Empty entries that the file came with; they stay."""
        written = next((entry for entry in self.table if entry is not None), None)
        self.as_objects = (inside or raw.get("version") == 1) if written is None else isinstance(written, dict)
        """Whether links are written as objects instead of lists of six."""
        for place, entry in enumerate(self.table):
            if entry is not None:
                self._note(link_form.read(entry, "links"), place)
        self.strays = frozenset(_strays(self.by_id, nodes))
        """Ids that a slot of a third node lists, in a file whose forms of a link contradict each other."""

    def describes(self, raw: Document) -> bool:
        """Whether this is still the level's list of links, as long as it was."""
        return raw.get("links") is self.table and len(self.table) == len(self._places) + len(self._gaps) + self._nulls

    def leaving(self, node: NodeId) -> list[Link]:
        """The links that leave a node, in the order of the file."""
        return self._sorted(self._leaving.get(node, ()))

    def entering(self, node: NodeId) -> list[Link]:
        """The links that enter a node, in the order of the file."""
        return self._sorted(self._entering.get(node, ()))

    def touching(self, node: NodeId) -> list[Link]:
        """The links at either side of a node, in the order of the file."""
        return self._sorted({**self._leaving.get(node, {}), **self._entering.get(node, {})})

    def _sorted(self, ids: Iterable[int]) -> list[Link]:
        return [self.by_id[i] for i in sorted(ids, key=self._places.__getitem__)]

    def add(self, link: Link) -> None:
        """Adds a link at the end."""
        self.table.append(link_form.write(link, as_object=self.as_objects))
        self._note(link, len(self.table) - 1)

    def replace(self, link: Link) -> None:
        """Writes a link anew under its id, in the form that it has; nothing if there is none of that id."""
        place = self._places.get(link.id)
        if place is None:
            return
        entry = self.table[place]
        self.table[place] = link_form.write(link, as_object=isinstance(entry, dict), like=entry)
        self._forget_ends(self.by_id[link.id])
        self._note(link, place)

    def remove(self, link_id: int) -> None:
        """Takes a link out of the table; nothing if there is none of that id."""
        place = self._places.pop(link_id, None)
        if place is None:
            return
        self._forget_ends(self.by_id.pop(link_id))
        self.table[place] = None
        self._gaps.add(place)

    def close_gaps(self) -> None:
        """Moves the links together."""
        if self._gaps:
            kept = [(place, entry) for place, entry in enumerate(self.table) if place not in self._gaps]
            self.table[:] = [entry for _, entry in kept]
            moved = {old: new for new, (old, _) in enumerate(kept)}
            self._places = {identity: moved[place] for identity, place in self._places.items()}
            self._gaps = set()

    def _note(self, link: Link, place: int) -> None:
        self.by_id[link.id] = link
        self._places[link.id] = place
        self._leaving.setdefault(link.origin_id, {})[link.id] = None
        self._entering.setdefault(link.target_id, {})[link.id] = None

    def _forget_ends(self, link: Link) -> None:
        self._leaving[link.origin_id].pop(link.id, None)
        self._entering[link.target_id].pop(link.id, None)


def _strays(links: dict[int, Link], nodes: Iterable[Document]) -> Iterable[int]:
    for node in nodes:
        for slot in node.get("inputs") or ():
            held = slot.get("link")
            if held is not None and (held not in links or links[held].target_id != node["id"]):
                yield held
        for slot in node.get("outputs") or ():
            for held in slot.get("links") or ():
                if held not in links or links[held].origin_id != node["id"]:
                    yield held
