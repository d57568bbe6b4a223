"""KJNodes' Set and Get in the classic graph: values that travel by name instead of by link."""

from __future__ import annotations

from typing import Any

from ..building.builder import Look, Wire, WorkflowBuilder
from ..document import Document
from ..schemas import Schemas

_LOOK = Look(color="#232", bgcolor="#353", collapsed=True)


class Broadcasts:
    """Puts values under a name and gets them by it."""

    def __init__(self, b: WorkflowBuilder) -> None:
        self._b = b

    def put(self, name: str, value: Wire, id: int | None = None) -> None:
        """A SetNode."""
        self._b.node("SetNode", id=id, value=value, Constant=name, look=_LOOK)

    def get(self, name: str, id: int | None = None) -> Wire:
        """The output of a GetNode."""
        return self._b.node("GetNode", id=id, Constant=name, look=_LOOK).out()


def schemas() -> Schemas:
    """The snapshots, and the two browser-only nodes as the builder has to see them."""
    name = ["STRING", {"default": ""}]
    entries: dict[str, dict[str, Any]] = {
        "SetNode": {"display_name": "Set", "required": {"value": ["*"], "Constant": name}, "output": ["*"]},
        "GetNode": {"display_name": "Get", "required": {"Constant": name}, "output": ["*"]},
    }
    return Schemas.load().merged(Schemas.from_entries("kjnodes", entries))


def type_broadcasts(document: Document) -> None:
    """Gives Set and Get nodes the slots and types that KJNodes' frontend gives them."""
    nodes = {node["id"]: node for node in document["nodes"]}
    links = {link[0]: link for link in document["links"]}
    types: dict[str, Any] = {}
    for node in nodes.values():
        if node["type"] == "SetNode":
            link = links[node["inputs"][0]["link"]]
            types[node["widgets_values"][0]] = link[5]
            node["inputs"] = [{"name": link[5], "type": link[5], "link": link[0]}]
            node["title"] = f"Set_{node['widgets_values'][0]}"
            node["properties"]["previousName"] = node["widgets_values"][0]
    for node in nodes.values():
        if node["type"] == "GetNode":
            kind = types[node["widgets_values"][0]]
            node["inputs"] = []
            node["outputs"] = [{"name": kind, "type": kind, "links": node["outputs"][0]["links"]}]
            node["title"] = f"Get_{node['widgets_values'][0]}"
            for link_id in node["outputs"][0]["links"]:
                links[link_id][5] = kind
