"""Turning a node into one of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..links import Link
from ..schemas import NodeSchema, is_valid_connection
from . import sockets
from .graph_state import GraphError
from .handles import Input, Node, Output
from .verbs import checked, node_properties


def swap(
    node: Node,
    node_type: str,
    *,
    inputs: Mapping[str, str | None] | None = None,
    outputs: Mapping[str, str | None] | None = None,
    widgets: Mapping[str, str | None] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Node:
    """Turns a node into one of another type; id, title, place, mode and role stay.

    Args:
        node: The node.
        node_type: A type that the snapshots know.
        inputs: New input name by old name, None to drop that link; unnamed ones keep their name.
        outputs: New output name by old name, None to drop its links; unnamed ones keep their name.
        widgets: New widget name by old name ("#0" and so on if no schema tells names), None to drop the value;
            unnamed ones are kept if the new type has a widget of that name and the value fits it.
        values: Widget values to set.

    Returns:
        The same node, at its new type.

    Raises:
        SchemaError: The snapshots do not know the type.
        GraphError: A link or a named value would be lost without `None` saying so, or does not fit.
    """
    level = node.level
    schema = level.state.schemas[node_type]
    new_values = _swapped_values(node, schema, dict(widgets or {}), dict(values or {}))
    old_inputs = [(i.name, i.link) for i in node.inputs]
    old_outputs = [(o.name, o.links) for o in node.outputs]
    linked: dict[str, Link] = {}
    dropped = []
    for name, link in old_inputs:
        new_name = (inputs or {}).get(name, name)
        if link is None:
            continue
        if new_name is None:
            dropped.append(link)
            continue
        linked[new_name] = link
    slots = schema.sockets(new_values, linked)
    missing = [name for name in linked if name not in [spec.name for spec in slots]]
    if missing:
        names = ", ".join(repr(spec.name) for spec in slots)
        raise GraphError(f"{node}: {node_type} has no input for {', '.join(missing)}; it has {names}")
    for spec in slots:
        if spec.name in linked:
            link = linked[spec.name]
            _refuse_type(Output(level, link.origin_id, link.origin_slot).type, spec.type, f"{node}, input {spec.name!r}")
    kept_outputs = list(_kept_outputs(node, schema, old_outputs, dict(outputs or {})))
    # Nothing is refused from here on.
    unread = [link for name, leaving in old_outputs if (outputs or {}).get(name, name) is None for link in leaving]
    for link in [*dropped, *unread]:
        sockets.erase(level.state, level.id, link)
    raw = node.raw
    raw["type"] = node_type
    raw["inputs"] = [sockets.input_slot(spec, linked[spec.name].id if spec.name in linked else None) for spec in slots]
    raw["outputs"] = [{"name": output.name, "type": output.type, "links": []} for output in schema.outputs]
    for index, spec in enumerate(slots):
        if spec.name in linked:
            sockets.rewrite(level.state, level.id, linked[spec.name]._replace(target_slot=index))
    for slot, link in kept_outputs:
        kind = schema.outputs[slot].type if schema.outputs[slot].type != "*" else link.type
        sockets.rewrite(level.state, level.id, link._replace(origin_slot=slot, type=kind))
        raw["outputs"][slot]["links"].append(link.id)
    raw["properties"] = node_properties(schema, raw.get("properties") or {})
    raw.pop("widgets_values_named", None)
    raw["widgets_values"] = schema.write_widgets(new_values)
    level.state.note_node(level.id, raw)
    return Node(level, node.id)


def _swapped_values(node: Node, schema: NodeSchema, names: dict[str, str | None], values: dict[str, Any]) -> dict[str, Any]:
    old = dict(node.widgets)
    result = dict(values)
    for name, value in old.items():
        new_name = names.get(name, name)
        if new_name is None or new_name in result:
            continue
        known = [widget.name for widget in schema.widgets({**old, **result})]
        if new_name in known:
            try:
                result.update(checked(schema, {**result, new_name: value}, str(node)))
            except GraphError:
                if name in names:
                    raise
        elif name in names:
            raise GraphError(f"{node}: {schema.type} has no widget {new_name!r}; it has {', '.join(known) or 'none'}")
    return checked(schema, result, str(node))


def _kept_outputs(
    node: Node, schema: NodeSchema, old: list[tuple[str, tuple[Link, ...]]], names: dict[str, str | None]
) -> Iterator[tuple[int, Link]]:
    """The links that leave the node, with the output that they leave from then on."""
    for name, leaving in old:
        new_name = names.get(name, name)
        if new_name is None or not leaving:
            continue
        slot = schema.output_index(new_name)
        output = schema.outputs[slot]
        for link in leaving:
            target = Input(node.level, link.target_id, link.target_slot)
            _refuse_type(output.type, target.type, f"{node}, output {output.name!r}")
            yield slot, link


def _refuse_type(given: Any, wanted: Any, where: str) -> None:
    if not is_valid_connection(given, wanted):
        raise GraphError(f"{where}: {given} does not fit {wanted}")
