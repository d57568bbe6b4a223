"""The one thing that an editable graph changes: its document, and where levels, nodes and links are found in it.

Handles and verbs hold a state; verbs keep it in step instead of reading all of it anew.
"""

from __future__ import annotations

from typing import Any

from ..document import Document, DocumentError
from ..links import NodeId, node_id
from ..schemas import NodeSchema, Schemas
from ..view import ROOT, definitions
from .link_table import LinkTable


class GraphError(DocumentError):
    """An edit that cannot be made; the graph is as it was."""


class GraphState:
    """A document that is being edited, with its levels, nodes and links by id.

    Args:
        document: A document of its own, with plain ids.
        schemas: Known node types.
    """

    edits = 0
    """Counts edits; tells whether something was edited since."""
    guards = 0
    """Edits that are under way, see `transactions.guard`."""
    batches = 0
    """Batches that are under way, see `transactions.batch`."""

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self.document = document
        self.schemas = schemas
        self._levels: dict[str, Document] = {}
        self._nodes: dict[str, dict[NodeId, Document]] = {}
        self._tables: dict[str, LinkTable] = {}
        self._instances: dict[str, dict[tuple[str, NodeId], None]] = {}
        self._removed: dict[str, set[int]] = {}
        self._last_ids: dict[str, int] = {}
        self.reindex()

    def replace_document(self, document: Document) -> None:
        """Goes on with another document, whatever was done to this one."""
        self.document, self._removed, self._tables = document, {}, {}
        self.reindex()

    @property
    def level_ids(self) -> tuple[str, ...]:
        """The top level and every subgraph."""
        return tuple(self._levels)

    def raw_level(self, identity: str) -> Document:
        """The JSON object of a level."""
        if identity not in self._levels:
            raise GraphError(f"the subgraph {identity} has been removed")
        return self._levels[identity]

    def describe_level(self, identity: str) -> str:
        """The name of a level in messages."""
        return f"subgraph {str(self.raw_level(identity).get('name', ''))!r}" if identity else "the top level"

    def node(self, level: str, identity: NodeId) -> Document:
        """The JSON object of a node."""
        found = self.node_index(level).get(identity)
        if found is None:
            raise GraphError(f"node {identity} has been removed from {self.describe_level(level)}")
        return found

    def node_index(self, level: str) -> dict[NodeId, Document]:
        """The JSON objects of a level's nodes by id."""
        return self._nodes.get(level, {})

    def link_table(self, level: str) -> LinkTable:
        """The links of a level by their ends, read again if the level was changed from outside."""
        raw, found = self.raw_level(level), self._tables.get(level)
        if found is None or not found.describes(raw):
            found = self._tables[level] = LinkTable(raw, self._nodes[level].values(), inside=bool(level))
        return found

    def is_definition(self, node_type: str) -> bool:
        """Whether nodes of that type stand for a subgraph."""
        return node_type != ROOT and node_type in self._levels

    def instances(self, definition: str) -> tuple[tuple[str, NodeId], ...]:
        """Level and id of the nodes that stand for a subgraph."""
        return tuple(self._instances.get(definition, ()))

    def schema(self, raw: Document) -> NodeSchema | None:
        """The schema of a node's type in the snapshots."""
        return self.schemas.get(str(raw["type"]))

    def title(self, raw: Document) -> str:
        """The text in the title bar of a node."""
        if raw.get("title"):
            return str(raw["title"])
        node_type, schema = str(raw["type"]), self.schema(raw)
        if self.is_definition(node_type):
            return str(self._levels[node_type].get("name", ""))
        return schema.title if schema else node_type

    def reindex(self) -> None:
        """Reads anew which levels, nodes and links there are; for what changes the JSON values by itself."""
        self.close_gaps()
        self._levels = {ROOT: self.document}
        self._levels.update({str(raw["id"]): raw for _, raw in definitions(self.document)})
        self._nodes, self._tables, self._instances, self._last_ids = {}, {}, {}, {}
        for identity, raw in self._levels.items():
            found = {node_id(node.get("id")): node for node in raw.get("nodes") or ()}
            self._nodes[identity] = {key: node for key, node in found.items() if key is not None}
            for key, node in self._nodes[identity].items():
                if str(node.get("type")) in self._levels:
                    self._instances.setdefault(str(node["type"]), {})[identity, key] = None

    def note_node(self, level: str, raw: Document) -> None:
        """A node has been added to a level's list, or has another type now."""
        self.edits += 1
        self._nodes[level][raw["id"]] = raw
        for listed in self._instances.values():
            listed.pop((level, raw["id"]), None)
        if str(raw["type"]) in self._levels:
            self._instances.setdefault(str(raw["type"]), {})[level, raw["id"]] = None

    def drop_node(self, level: str, identity: NodeId) -> None:
        """A node is to leave a level's list."""
        self.edits += 1
        raw = self._nodes[level].pop(identity)
        self._removed.setdefault(level, set()).add(id(raw))
        for listed in self._instances.values():
            listed.pop((level, identity), None)

    def close_gaps(self) -> None:
        """Makes the lists of the file what they are in the indexes: without what has been taken out."""
        for identity, gone in self._removed.items():
            raw = self._levels[identity]
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
            for level, raw in self._levels.items():
                ids = self._nodes[level] if what == "node" else self.link_table(level).by_id
                used.extend(i for i in ids if isinstance(i, int))
                last = _number(raw.get(key)), _number((raw.get("state") or {}).get(state_key))
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
        if key in self.document or "state" not in self.document:
            self.document[key] = max(identity, _number(self.document.get(key)) or 0)


def _number(value: Any) -> int | None:
    found = node_id(value)
    return found if isinstance(found, int) else None
