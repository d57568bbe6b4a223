"""The fields and results of ComfyUI's App mode, while nodes go into a subgraph or come out of one.

`extra.linearData` names a field by node and widget, [12, "seed"], or as the frontend's builder writes it, with the id of the
graph in front and escaped like a part of an address: ["GRAPH:12:seed", "seed"]. Results are ids of nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import unquote

from ..document import Document
from ..links import NodeId, node_id

Field = tuple[NodeId, str]
"""Node of the top level, and name of one of its widgets."""

KEY = "linearData"


def follow(document: Document, gone: Collection[NodeId], moved: Mapping[Field, Field]) -> None:
    """Lets an app name what is there: fields under new names, and nothing of nodes that the top level has no more.

    Args:
        document: Changed in place; one that is no app stays as it is.
        gone: Nodes that left the top level.
        moved: New field by former one.
    """
    extra = document.get("extra")
    app = extra.get(KEY) if isinstance(extra, dict) else None
    if not isinstance(extra, dict) or not isinstance(app, dict):
        return
    there = {node["id"] for node in document["nodes"]}
    stay = there.difference(gone)
    inputs = []
    for entry in _list(app, "inputs"):
        field = _field(entry)
        new = None if field is None else moved.get(field)
        if new is not None and new[0] in there:
            inputs.append([*new, *entry[2:]])
        elif field is not None and field[0] in stay:
            inputs.append(entry)
    outputs = [entry for entry in _list(app, "outputs") if node_id(entry) in stay]
    extra[KEY] = {**app, "inputs": inputs, "outputs": outputs}


def _list(app: Mapping[str, Any], key: str) -> list[Any]:
    return value if isinstance(value := app.get(key), list) else []


def _field(entry: Any) -> Field | None:
    """The field that an entry names, or None."""
    if not isinstance(entry, list) or len(entry) < 2 or not isinstance(entry[1], str):
        return None
    where, name = entry[:2]
    if isinstance(where, str) and where.count(":") == 2:
        where, name = map(unquote, where.split(":")[1:])
    identity = node_id(where)
    return None if identity is None else (identity, name)
