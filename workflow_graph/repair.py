"""Makes the forms of every link agree again in a file whose invariants are broken.

What runs today is what the inputs say (the frontend follows an input's own `link`), so a link is kept if its input holds
it, and lists and counters are written anew from the links that are kept. Double ids, circles and subgraphs that contain
themselves need a person and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import links as link_form
from .document import Document, DocumentError, clone
from .links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId, node_id
from .plain_ids import with_plain_ids
from .view import definitions, read


@dataclass(frozen=True)
class Repair:
    """A repaired copy and what was done to it, a sentence each; no sentences if nothing was broken."""

    document: Document
    changes: tuple[str, ...]


def repair(document: Document) -> Repair:
    """Repairs links, lists and counters of a UI document.

    Args:
        document: The document; unchanged.

    Raises:
        DocumentError: A node or subgraph in it cannot be read at all.
    """
    problems = [problem for problem in read(document).problems if "links[" not in problem.where]
    if problems:
        raise DocumentError(f"{problems[0].where}: {problems[0].message}")
    changes: list[str] = []
    result = with_plain_ids(_without_bad_links(document, changes))
    for where, raw in [("", result), *definitions(result)]:
        name = f"subgraph {raw.get('name', '')!r}" if where else "top level"
        _Level(raw, name, inside=bool(where), changes=changes).mend()
    _counters(result, changes)
    return Repair(result if changes else document, tuple(changes))


def _without_bad_links(document: Document, changes: list[str]) -> Document:
    result = clone(document)
    for where, raw in [("", result), *definitions(result)]:
        table = raw.get("links")
        if isinstance(table, Mapping):
            table = list(table.values())
        kept: dict[int, Any] = {}
        for entry in table if isinstance(table, list) else ():
            try:
                link = link_form.read(entry, "link")
            except DocumentError as error:
                if entry is not None:
                    changes.append(f"{where or 'top level'}: removed what is no link ({error})")
                continue
            if link.id in kept:
                changes.append(f"{where or 'top level'}: removed a second link with the id {link.id}")
                continue
            kept[link.id] = entry
        raw["links"] = list(kept.values())
    return result


class _Level:
    """One level while it is mended."""

    def __init__(self, raw: Document, name: str, *, inside: bool, changes: list[str]) -> None:
        self.raw, self.name, self.inside, self.changes = raw, name, inside, changes
        self.nodes: dict[NodeId, Document] = {node["id"]: node for node in raw.get("nodes") or ()}

    def mend(self) -> None:
        links = self._kept()
        by_id = {link.id: link for link in links}
        as_written = {link_form.read(entry, "links").id: entry for entry in self.raw["links"]}
        self.raw["links"] = [
            entry
            if link_form.read(entry, "links") == by_id[identity]
            else link_form.write(by_id[identity], as_object=isinstance(entry, dict), like=entry)
            for identity, entry in as_written.items()
            if identity in by_id
        ]
        entering = {(link.target_id, link.target_slot): link.id for link in reversed(links)}
        leaving: dict[tuple[NodeId, int], list[int]] = {}
        for link in links:
            leaving.setdefault((link.origin_id, link.origin_slot), []).append(link.id)
        for node in self.nodes.values():
            for index, slot in enumerate(node.get("inputs") or ()):
                wanted = entering.get((node["id"], index))
                if slot.get("link") != wanted:
                    self._say(f"node {node['id']}, input {slot.get('name')!r}: link {slot.get('link')} became {wanted}")
                    slot["link"] = wanted
            for index, slot in enumerate(node.get("outputs") or ()):
                self._list(slot, "links", leaving.get((node["id"], index), []), node["id"])
        if self.inside:
            for index, slot in enumerate(self.raw.get("inputs") or ()):
                self._list(slot, "linkIds", leaving.get((INPUT_BOUNDARY, index), []), "boundary")
            for index, slot in enumerate(self.raw.get("outputs") or ()):
                into = entering.get((OUTPUT_BOUNDARY, index))
                self._list(slot, "linkIds", [] if into is None else [into], "boundary")

    def _list(self, slot: Document, key: str, wanted: list[int], owner: Any) -> None:
        written = slot.get(key)
        old = [i for i in written if isinstance(i, int)] if isinstance(written, list) else []
        is_list = isinstance(written, list) and len(old) == len(written)
        if (is_list or written is None) and sorted(old) == sorted(wanted):
            return
        self._say(f"{owner}, {slot.get('name')!r}: links {written} became {wanted}")
        listed, known = set(wanted), set(old)
        slot[key] = [i for i in dict.fromkeys(old) if i in listed] + [i for i in wanted if i not in known]

    def _kept(self) -> list[Link]:
        held = {
            slot["link"]: (node["id"], index)
            for node in self.nodes.values()
            for index, slot in enumerate(node.get("inputs") or ())
            if slot.get("link") is not None
        }
        result: dict[tuple[NodeId, int], Link] = {}
        for entry in self.raw["links"]:
            link = link_form.read(entry, "links")
            place = held.get(link.id)
            if place is not None and place[0] == link.target_id and place[1] != link.target_slot:
                self._say(f"link {link.id} ends at input {place[1]} of node {place[0]}, not at {link.target_slot}")
                link = Link(link.id, link.origin_id, link.origin_slot, link.target_id, place[1], link.type)
            if not self._starts(link) or not self._ends(link):
                self._say(f"removed link {link.id} from {link.origin_id} to {link.target_id}, one end does not exist")
                continue
            end = (link.target_id, link.target_slot)
            if end in result:
                loser = link if held.get(result[end].id) == end else result[end]
                self._say(f"removed link {loser.id}, a second one into input {end[1]} of node {end[0]}")
                if loser is link:
                    continue
                del result[end]
            result[end] = link
        return list(result.values())

    def _starts(self, link: Link) -> bool:
        if link.origin_id == INPUT_BOUNDARY and self.inside:
            return 0 <= link.origin_slot < len(self.raw.get("inputs") or ())
        return link.origin_id in self.nodes and 0 <= link.origin_slot < len(self.nodes[link.origin_id].get("outputs") or ())

    def _ends(self, link: Link) -> bool:
        if link.target_id == OUTPUT_BOUNDARY and self.inside:
            return 0 <= link.target_slot < len(self.raw.get("outputs") or ())
        return link.target_id in self.nodes and 0 <= link.target_slot < len(self.nodes[link.target_id].get("inputs") or ())

    def _say(self, text: str) -> None:
        self.changes.append(f"{self.name}: {text}")


def _counters(document: Document, changes: list[str]) -> None:
    for where, raw in [("", document), *definitions(document)]:
        state = raw.get("state")
        nodes = [n for n in (node.get("id") for node in raw.get("nodes") or ()) if isinstance(n, int)]
        links = [link_form.read(entry, "links").id for entry in raw.get("links") or ()]
        for key, state_key, ids in (("last_node_id", "lastNodeId", nodes), ("last_link_id", "lastLinkId", links)):
            owner, name = (raw, key) if key in raw or not isinstance(state, dict) else (state, state_key)
            if owner is raw and where:
                continue
            last = node_id(owner.get(name))
            if ids and (not isinstance(last, int) or last < max(ids)):
                changes.append(f"{where or 'top level'}: {name} {owner.get(name)} became {max(ids)}")
                owner[name] = max(ids)
