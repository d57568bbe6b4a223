"""New ids for nodes whose id occurs twice in a file, as the frontend gives them when it loads one."""

from __future__ import annotations

from ..document import Document, DocumentError, clone
from ..links import node_id
from ..view import definitions

_MAX_NODE_ID = 100_000_000
"""Largest id that the frontend gives (subgraphDeduplication.ts)."""


def with_unique_ids(document: Document) -> Document:
    """The document itself if all ids differ, else a copy in which nodes inside subgraphs have new ones.

    Raises:
        DocumentError: There is no free id left.
    """
    used = {str(node.get("id")) for node in document.get("nodes", []) if isinstance(node, dict)}
    inner = [
        str(node.get("id")) for _, raw in definitions(document) for node in raw.get("nodes") or [] if isinstance(node, dict)
    ]
    if len(used.union(inner)) == len(used) + len(inner):
        return document
    document = clone(document)
    last = max([*(n for n in (node_id(i) for i in [*used, *inner]) if isinstance(n, int)), 0])
    root_last = document.get("last_node_id")
    last = max(last, root_last) if isinstance(root_last, int) else last
    for _, raw in definitions(document):
        renamed: dict[str, int] = {}
        for node in raw.get("nodes") or []:
            key = str(node.get("id"))
            if key in used:
                last += 1
                if last > _MAX_NODE_ID:
                    raise DocumentError("there are no free node ids left")
                renamed[key] = last
                node["id"] = last
            used.add(str(node["id"]))
        for link in raw.get("links") or []:
            for key in ("origin_id", "target_id") if isinstance(link, dict) else ():
                link[key] = renamed.get(str(link[key]), link[key])
    return document
