"""Ids and slots as whole numbers and links as a list, whatever a file was written with."""

from __future__ import annotations

from typing import Any

from . import links as link_form
from .document import Document, clone
from .links import node_id
from .view import definitions


def with_plain_ids(document: Document) -> Document:
    """A copy in which "12" and 12.0 are 12 wherever an id or a slot is meant, and link tables are lists.

    Args:
        document: A UI document that `view.read` can read; unchanged.
    """
    result = clone(document)
    for raw in [result, *(raw for _, raw in definitions(result))]:
        if isinstance(raw.get("links"), dict):
            raw["links"] = list(raw["links"].values())
        table = links if isinstance(links := raw.get("links"), list) else []
        for index, entry in enumerate(table):
            if entry is not None and not _is_plain(entry):
                link = link_form.read(entry, "links")
                table[index] = link_form.write(link, as_object=isinstance(entry, dict), like=entry)
        for node in raw.get("nodes") or ():
            node["id"] = node_id(node["id"])
            for slot in node.get("inputs") or ():
                _plain(slot, "link")
            for slot in node.get("outputs") or ():
                _plain_list(slot, "links")
        if raw is not result:
            for slot in [*(raw.get("inputs") or ()), *(raw.get("outputs") or ())]:
                _plain_list(slot, "linkIds")
    return result


def _is_plain(entry: Any) -> bool:
    return type(entry) is list and len(entry) >= 6 and all(type(value) is int for value in entry[:5])


def _plain(slot: Document, key: str) -> None:
    if slot.get(key) is not None:
        slot[key] = node_id(slot[key])


def _plain_list(slot: Document, key: str) -> None:
    values: Any = slot.get(key)
    if isinstance(values, list):
        slot[key] = [node_id(value) for value in values if value is not None]
