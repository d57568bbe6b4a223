"""Widgets inside a subgraph that its instances show, because a boundary input feeds them.

An instance saves their values in the order of the boundary inputs. Wiring or unwiring such an input changes which values
there are, so each instance's list is laid out anew, by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .graph import Graph
    from .handles import Node
    from .level import Level


@dataclass(frozen=True)
class Shown:
    """What the instances of one subgraph showed: names, and values by name for each instance."""

    names: tuple[str, ...]
    values: tuple[tuple[Node, dict[str, Any]], ...]


def names(level: Level) -> list[str]:
    """The boundary inputs of a subgraph whose instances show a widget, in order."""
    shown = _interiors(level)
    return [output.name for output in level.inputs if output.slot in shown]


def interior_value(level: Level, name: str) -> Any:
    """The value of the widget inside that a boundary input shows; None where it shows none."""
    found = _interiors(level).get(level.input(name).slot)
    return None if found is None else found[0].widgets.get(found[1])


def remember(graph: Graph) -> dict[str, Shown]:
    """What all instances show now, by subgraph."""
    result = {}
    for level in graph.levels:
        if level.id:
            values = tuple((instance, dict(instance.widgets)) for instance in level.instances)
            result[level.id] = Shown(tuple(names(level)), values)
    return result


def realign(graph: Graph, before: dict[str, Shown]) -> None:
    """Lays out the values of every instance whose shown widgets have changed since `before`."""
    for level in graph.levels:
        shown = before.get(level.id)
        if shown is None:
            continue
        now = names(level)
        if tuple(now) == shown.names:
            continue
        for instance, values in shown.values:
            if instance not in level.instances:
                continue
            raw = instance.raw
            if now:
                raw["widgets_values"] = [values[name] if name in values else interior_value(level, name) for name in now]
            else:
                raw.pop("widgets_values", None)
            for slot in raw.get("inputs") or ():
                if slot.get("name") in now:
                    slot["widget"] = {"name": slot["name"]}
                else:
                    slot.pop("widget", None)


def _interiors(level: Level) -> dict[int, tuple[Node, str]]:
    """For each boundary input that shows a widget: the node inside and the widget's name."""
    links = level.links
    result: dict[int, tuple[Node, str]] = {}
    for slot, raw in enumerate(level.raw.get("inputs") or ()):
        for link_id in raw.get("linkIds") or ():
            link = links.get(link_id)
            if link is None or link.target_id not in level.graph.node_index(level.id) or slot in result:
                continue
            node = level.node(link.target_id)
            slots = node.raw.get("inputs") or ()
            widget = slots[link.target_slot].get("widget") if link.target_slot < len(slots) else None
            if isinstance(widget, dict) and isinstance(widget.get("name"), str):
                result[slot] = (node, widget["name"])
    return result
