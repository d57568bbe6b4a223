"""Where levels, nodes and links of an editable graph are found; verbs keep it in step instead of reading all of it anew."""

from __future__ import annotations

from typing import Any

from .document import Document
from .handles import GraphError, Node
from .level import Level
from .link_table import LinkTable
from .links import NodeId, node_id
from .view import ROOT, definitions


class GraphIndex:
    """What handles and verbs stand on.

    Args:
        document: A document of its own, with plain ids.
    """

    edits = 0
    """Counts edits; tells whether something was edited since."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._levels: dict[str, Document] = {}
        self._nodes: dict[str, dict[NodeId, Document]] = {}
        self._tables: dict[str, LinkTable] = {}
        self._instances: dict[str, dict[tuple[str, NodeId], None]] = {}
        self._removed: dict[str, set[int]] = {}
        self._last_ids: dict[str, int] = {}
        self.reindex()

    def replace_document(self, document: Document) -> None:
        """Goes on with another document, whatever was done to this one."""
        self._document, self._removed, self._tables = document, {}, {}
        self.reindex()

    @property
    def levels(self) -> tuple[Level, ...]:
        """The top level and every subgraph."""
        return tuple(Level(self, identity) for identity in self._levels)

    def raw_level(self, identity: str) -> Document:
        """The JSON object of a level."""
        if identity not in self._levels:
            raise GraphError(f"the subgraph {identity} has been removed")
        return self._levels[identity]

    def node_index(self, level: str) -> dict[NodeId, Document]:
        """The JSON objects of a level's nodes by id."""
        return self._nodes.get(level, {})

    def link_table(self, level: str) -> LinkTable:
        """The links of a level."""
        raw, found = self.raw_level(level), self._tables.get(level)
        if found is None or not found.describes(raw):
            found = self._tables[level] = LinkTable(raw, self._nodes[level].values(), inside=bool(level))
        return found

    def definition(self, node_type: str) -> Level | None:
        """The subgraph that nodes of that type stand for, if any."""
        return Level(self, node_type) if node_type and node_type in self._levels else None

    def instances(self, definition: str) -> tuple[Node, ...]:
        """The nodes, at any level, that stand for a subgraph."""
        return tuple(Node(Level(self, level), identity) for level, identity in self._instances.get(definition, ()))

    def reindex(self) -> None:
        """Reads anew which levels, nodes and links there are; for what changes the JSON values by itself."""
        self._close_gaps()
        self._levels = {ROOT: self._document}
        self._levels.update({str(raw["id"]): raw for _, raw in definitions(self._document)})
        self._nodes, self._tables, self._instances, self._last_ids = {}, {}, {}, {}
        for identity, raw in self._levels.items():
            found = {node_id(node.get("id")): node for node in raw.get("nodes") or ()}
            self._nodes[identity] = {key: node for key, node in found.items() if key is not None}
            for key, node in self._nodes[identity].items():
                if str(node.get("type")) in self._levels:
                    self._instances.setdefault(str(node["type"]), {})[identity, key] = None

    def note_node(self, level: Level, raw: Document) -> None:
        """A node has been added to a level's list, or has another type now."""
        self.edits += 1
        self._nodes[level.id][raw["id"]] = raw
        for listed in self._instances.values():
            listed.pop((level.id, raw["id"]), None)
        if str(raw["type"]) in self._levels:
            self._instances.setdefault(str(raw["type"]), {})[level.id, raw["id"]] = None

    def drop_node(self, level: Level, identity: NodeId) -> None:
        """A node is to leave a level's list."""
        self.edits += 1
        raw = self._nodes[level.id].pop(identity)
        self._removed.setdefault(level.id, set()).add(id(raw))
        for listed in self._instances.values():
            listed.pop((level.id, identity), None)

    def _close_gaps(self) -> None:
        """Makes the lists of the file what they are in the indexes: without what has been taken out."""
        for identity, gone in self._removed.items():
            raw = self._levels.get(identity)
            if raw is not None:
                raw["nodes"] = [node for node in raw["nodes"] if id(node) not in gone]
        self._removed = {}
        for table in self._tables.values():
            table.close_gaps()

    def new_id(self, what: str) -> int:
        """A node or link id that no level uses; the counters of the file follow.

        Args:
            what: "node" or "link".
        """
        if what not in self._last_ids:
            key, state_key = f"last_{what}_id", f"last{what.capitalize()}Id"
            used = [0]
            for level in self.levels:
                used.extend(i for i in (self._nodes[level.id] if what == "node" else level.links) if isinstance(i, int))
                last = _number(level.raw.get(key)), _number((level.raw.get("state") or {}).get(state_key))
                used.extend(n for n in last if n is not None)
            self._last_ids[what] = max(used)
        fresh = self._last_ids[what] + 1
        self.note_id(what, fresh)
        return fresh

    def note_id(self, what: str, identity: int) -> None:
        """Raises the counters of the file to an id that is now in use."""
        if what in self._last_ids:
            self._last_ids[what] = max(identity, self._last_ids[what])
        key, state_key = f"last_{what}_id", f"last{what.capitalize()}Id"
        for level in self._levels.values():
            state = level.get("state")
            if isinstance(state, dict):
                state[state_key] = max(identity, _number(state.get(state_key)) or 0)
        if key in self._document or "state" not in self._document:
            self._document[key] = max(identity, _number(self._document.get(key)) or 0)


def _number(value: Any) -> int | None:
    found = node_id(value)
    return found if isinstance(found, int) else None
