"""Widgets inside a subgraph that its instances show, because a boundary input feeds them.

An instance saves their values in the order of the boundary inputs. Files of older frontends list in `proxyWidgets` what an
instance shows and saves, in this order: [-1, name] for a widget that a boundary input shows, [id, name] for one of a
node inside. Wiring or unwiring a boundary input changes which values there are, so each instance's list is laid out anew,
by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..document import Document
from ..links import NodeId
from .graph_state import GraphState

_BOUNDARY = "-1"
"""Stands in `proxyWidgets` for the boundary of the subgraph."""


@dataclass(frozen=True)
class Shown:
    """The widgets that the instances of one subgraph showed: names, and values by name for each instance (its level and id)."""

    names: tuple[str, ...]
    values: tuple[tuple[tuple[str, NodeId], dict[str, Any]], ...]


def names(state: GraphState, definition: str) -> list[str]:
    """The boundary inputs of a subgraph whose instances show a widget, in order."""
    slots, shown = state.raw_level(definition).get("inputs") or (), _interiors(state, definition)
    return [str(raw.get("name", "")) for slot, raw in enumerate(slots) if slot in shown]


def values_of(state: GraphState, raw: Document) -> dict[str, Any]:
    """The widget values of a node by name; see `node_widgets.Widgets`."""
    saved, schema, node_type = raw.get("widgets_values"), state.schema(raw), str(raw["type"])
    if schema is not None:
        return schema.read_widgets(saved)
    if state.is_definition(node_type):
        shown = names(state, node_type)
        listed = saved_values(raw, shown)
        return {name: listed[name] if name in listed else _value_inside(state, node_type, name) for name in shown}
    if isinstance(saved, dict):
        return dict(saved)
    return {f"#{i}": value for i, value in enumerate(saved if isinstance(saved, list) else ())}


def saved_values(raw: Mapping[str, Any], shown: Sequence[str]) -> dict[str, Any]:
    """The values that an instance has saved, by name.

    Args:
        raw: The instance, as the file has it.
        shown: Names of the boundary inputs that show a widget, in order.
    """
    saved = raw.get("widgets_values")
    proxies = _proxies(raw) or [(_BOUNDARY, name) for name in shown]
    named = zip(proxies, saved if isinstance(saved, list) else (), strict=False)
    # Today's frontend gives either kind to the widget of that name; what a boundary input shows comes last, so that it wins.
    ordered = sorted(named, key=lambda pair: pair[0][0] == _BOUNDARY)
    return {name: value for (_, name), value in ordered if name in shown}


def write_values(raw: Document, shown: Sequence[str], values: Mapping[str, Any]) -> None:
    """Saves the values of an instance.

    Args:
        raw: The instance, which is changed.
        shown: As in `saved_values`.
        values: One for each name in `shown`.
    """
    old = _proxies(raw)
    if not old:
        raw["widgets_values"] = [values[name] for name in shown]
        return
    before = raw.get("widgets_values")
    kept = dict(zip(old, before if isinstance(before, list) else (), strict=False))
    proxies = [proxy for proxy in old if proxy[0] != _BOUNDARY or proxy[1] in shown]
    proxies += [(_BOUNDARY, name) for name in shown if (_BOUNDARY, name) not in proxies]
    raw["properties"]["proxyWidgets"] = [list(proxy) for proxy in proxies]
    raw["widgets_values"] = [values[proxy[1]] if proxy[0] == _BOUNDARY else kept.get(proxy) for proxy in proxies]


def _proxies(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Entries of `proxyWidgets` as texts; empty if it lists nothing that a boundary input shows."""
    listed = (raw.get("properties") or {}).get("proxyWidgets")
    entries = [(str(e[0]), str(e[1])) if isinstance(e, list) and len(e) >= 2 else ("", "") for e in listed or ()]
    return entries if any(proxy == _BOUNDARY for proxy, _ in entries) else []


def _value_inside(state: GraphState, definition: str, name: str) -> Any:
    """The value of the widget inside that a boundary input shows; None if it shows none."""
    slots = state.raw_level(definition).get("inputs") or ()
    first = next((slot for slot, raw in enumerate(slots) if str(raw.get("name", "")) == name), -1)
    found = _interiors(state, definition).get(first)
    return None if found is None else values_of(state, found[0]).get(found[1])


def remember(state: GraphState) -> dict[str, Shown]:
    """The widgets that all instances show now, by subgraph."""
    result = {}
    for level in state.level_ids:
        if level:
            places = state.instances(level)
            values = tuple((place, values_of(state, state.node(*place))) for place in places)
            result[level] = Shown(tuple(names(state, level)), values)
    return result


def realign(state: GraphState, before: dict[str, Shown]) -> None:
    """Lays out the values of every instance whose shown widgets have changed since `before`."""
    for level in state.level_ids:
        shown = before.get(level)
        if shown is None:
            continue
        now = names(state, level)
        if tuple(now) == shown.names:
            continue
        for place, values in shown.values:
            if place not in state.instances(level):
                continue
            raw = state.node(*place)
            if now or _proxies(raw):
                given = {name: values[name] if name in values else _value_inside(state, level, name) for name in now}
                write_values(raw, now, given)
            else:
                raw.pop("widgets_values", None)
            for slot in raw.get("inputs") or ():
                if slot.get("name") in now:
                    slot["widget"] = {"name": slot["name"]}
                else:
                    slot.pop("widget", None)


def _interiors(state: GraphState, definition: str) -> dict[int, tuple[Document, str]]:
    """For each boundary input that shows a widget: the node inside and the widget's name."""
    links, nodes = state.link_table(definition).by_id, state.node_index(definition)
    result: dict[int, tuple[Document, str]] = {}
    for slot, raw in enumerate(state.raw_level(definition).get("inputs") or ()):
        for link_id in raw.get("linkIds") or ():
            link = links.get(link_id)
            if link is None or link.target_id not in nodes:
                continue
            slots = nodes[link.target_id].get("inputs") or ()
            widget = slots[link.target_slot].get("widget") if 0 <= link.target_slot < len(slots) else None
            if isinstance(widget, dict) and isinstance(widget.get("name"), str):
                result[slot] = nodes[link.target_id], widget["name"]
                break
    return result
