"""The edits of a graph. Each keeps link table, output lists, inputs and subgraph boundaries equal.

Called through `Graph`, which undoes what fails halfway and refuses circles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Document
from ..layout import estimate_size
from ..links import INPUT_BOUNDARY, OUTPUT_BOUNDARY, Link, NodeId
from ..node_format import ALWAYS, ROLE
from ..schema_snapshot import CORE_PACK
from ..schemas import NodeSchema, is_valid_connection
from ..value_check import BuildError, check_value
from . import sockets
from .graph_state import GraphError
from .handles import Input, Level, Node, Output


def add(
    level: Level,
    node_type: str,
    *,
    id: NodeId | None = None,
    title: str | None = None,
    role: str | None = None,
    pos: tuple[float, float] = (0.0, 0.0),
    widgets: Mapping[str, Any] | None = None,
) -> Node:
    """Adds a node with default widget values.

    Args:
        level: Where.
        node_type: A type that the snapshots know.
        id: An id that nothing in the file uses; a new one by default.
        title: Title bar, if other than the type's.
        role: Stored as the property `audio_loop.role`.
        pos: Upper left corner.
        widgets: Widget values by name.

    Raises:
        SchemaError: Unknown type.
        GraphError: The id is in use, or a value does not fit.
    """
    state = level.state
    schema = state.schemas[node_type]
    if id is None:
        id = state.new_id("node")
    elif any(id in state.node_index(other) for other in state.level_ids):
        raise GraphError(f"node id {id} is in use")
    elif isinstance(id, int):
        state.note_id("node", id)
    values = checked(schema, dict(widgets or {}), f"{node_type} {id}")
    specs = schema.widgets(values)
    slots = schema.sockets(values)
    plain, badge = sum(not slot.has_widget for slot in slots), schema.pack != CORE_PACK
    width, height = estimate_size(plain, len(schema.outputs), specs, title or schema.title, badge)
    raw: Document = {
        "id": id,
        "type": node_type,
        "pos": list(pos),
        "size": [width, height],
        "flags": {},
        "order": len(state.node_index(level.id)),
        "mode": ALWAYS,
        "inputs": [sockets.input_slot(spec) for spec in slots],
        "outputs": [{"name": output.name, "type": output.type, "links": []} for output in schema.outputs],
        "properties": node_properties(schema, {}),
    }
    if title:
        raw["title"] = title
    if role:
        raw["properties"][ROLE] = role
    if specs:
        raw["widgets_values"] = schema.write_widgets(values)
    level.raw.setdefault("nodes", []).append(raw)
    state.note_node(level.id, raw)
    return Node(level, id)


def remove(node: Node, *, heal: bool = False) -> None:
    """Removes a node with all its links, and a subgraph definition with its last instance.

    Args:
        node: The node.
        heal: Connect what it fed to what fed it, if a bypassed node would have passed it on.
    """
    level, state = node.level, node.level.state
    healed = _around(node) if heal else []
    for output, target in healed:
        _refuse_connection(output, target)
    for link in level.table.touching(node.id):
        sockets.erase(level.state, level.id, link)
    definition = node.definition
    last = definition is not None and len(definition.instances) == 1
    for group in level.raw.get("groups") or ():
        if isinstance(group, dict) and isinstance(group.get("nodes"), list):
            group["nodes"] = [member for member in group["nodes"] if member != node.id]
    state.drop_node(level.id, node.id)
    if definition is not None and last:
        _remove_definition(definition)
    for output, target in healed:
        connect(output, target)


def _around(node: Node) -> list[tuple[Output, Input]]:
    pairs = []
    for output in node.outputs:
        for target in output.targets:
            passed = next((i for i in node.inputs if i.source and is_valid_connection(i.type, output.type)), None)
            if passed is not None and passed.source is not None and target.node_id != node.id:
                pairs.append((passed.source, target))
    return pairs


def _remove_definition(level: Level) -> None:
    state, identity = level.state, level.id
    inner = [child for child in (node.definition for node in level.nodes) if child is not None]
    for owner in [state.raw_level(other) for other in state.level_ids]:
        container = owner.get("definitions")
        if isinstance(container, dict) and isinstance(container.get("subgraphs"), list):
            container["subgraphs"] = [raw for raw in container["subgraphs"] if raw.get("id") != identity]
    state.reindex()
    for child in inner:
        if state.is_definition(child.id) and not child.instances:
            _remove_definition(child)


def connect(output: Output, target: Input) -> Link:
    """Links an output to an input of the same level; a link that the input had is removed.

    Raises:
        GraphError: Different levels or types, a slot that does not exist, or a link from boundary to boundary.
    """
    _refuse_connection(output, target)
    level = output.level
    disconnect(target)
    kind = output.type if output.type not in ("*", "") else target.type
    link = Link(level.state.new_id("link"), output.node_id, output.slot, target.node_id, target.slot, kind)
    level.state.edits += 1
    level.table.add(link)
    if output.node_id == INPUT_BOUNDARY:
        output.raw.setdefault("linkIds", []).append(link.id)
    else:
        output.raw["links"] = [*(output.raw.get("links") or ()), link.id]
    if target.node_id == OUTPUT_BOUNDARY:
        target.raw["linkIds"] = [link.id]
    else:
        target.raw["link"] = link.id
    node = target.node
    if node is not None and node.schema is not None:
        sockets.resync(level.state, level.id, node.id, node.schema, dict(node.widgets))
    return level.links[link.id]


def _refuse_connection(output: Output, target: Input) -> None:
    level = output.level
    if level != target.level:
        raise GraphError(f"{level} and {target.level} cannot be linked directly; pass it through the subgraph's boundary")
    _refuse_missing_slot(output, target)
    if output.node_id == INPUT_BOUNDARY and target.node_id == OUTPUT_BOUNDARY:
        raise GraphError("an input of a subgraph cannot be its output directly; the frontend does not run that")
    if not is_valid_connection(output.type, target.type):
        raise GraphError(f"output {output.name!r} gives {output.type}, input {target.name!r} takes {target.type}")


def _refuse_missing_slot(output: Output, target: Input) -> None:
    for slot in (output, target):
        try:
            _ = slot.raw
        except (KeyError, IndexError) as error:
            raise GraphError(f"node {slot.node_id} has no slot {slot.slot}") from error


def disconnect(target: Input) -> Link | None:
    """Removes the link of an input; returns it, or None if there was none."""
    link = target.link
    if link is not None:
        sockets.erase(target.level.state, target.level.id, link)
    return link


def splice(level: Level, link_id: int, node: Node, *, input: str | None = None, output: str | None = None) -> None:
    """Puts a node into a link: what fed the target now feeds the node, and the node feeds the target.

    Args:
        level: Where the link and the node are.
        link_id: The link.
        node: A node of the same level.
        input: The node's input; the first free one of a fitting type by default.
        output: The node's output; the first of a fitting type by default.

    Raises:
        GraphError: No such link, or no slot that fits.
    """
    link = level.links.get(link_id)
    if link is None:
        raise GraphError(f"{level} has no link {link_id}")
    source = Output(level, link.origin_id, link.origin_slot)
    target = Input(level, link.target_id, link.target_slot)
    entry = (
        node.input(input)
        if input
        else next(
            (i for i in node.inputs if i.link is None and is_valid_connection(source.type, i.type) and "widget" not in i.raw),
            None,
        )
    )
    leave = node.output(output) if output else next((o for o in node.outputs if is_valid_connection(o.type, target.type)), None)
    if entry is None or leave is None:
        raise GraphError(f"{node} has no free input for {source.type} or no output for {target.type}")
    for one, other in ((source, entry), (leave, target)):
        _refuse_connection(one, other)
    connect(source, entry)
    connect(leave, target)


def set_mode(node: Node, mode: int) -> None:
    """Sets whether a node runs (0), is muted (2) or bypassed (4)."""
    node.level.state.edits += 1
    node.raw["mode"] = mode


def checked(schema: NodeSchema, values: dict[str, Any], who: str) -> dict[str, Any]:
    """Refuses values that the type has no widget for or that do not fit it; returns them."""
    known = {widget.name: widget for widget in schema.widgets(values)}
    for name, value in values.items():
        if name not in known:
            raise GraphError(f"{who}: {schema.type} has no widget {name!r}; it has {', '.join(known) or 'none'}")
        spec = known[name].input
        if spec is not None and spec.widget_type not in ("IMAGEUPLOAD", "AUDIOUPLOAD"):
            try:
                check_value(spec, value, who)
            except BuildError as error:
                raise GraphError(str(error)) from error
    return values


def node_properties(schema: NodeSchema, old: Mapping[str, Any]) -> Document:
    """The properties of a node of this type: `old` without what told its former type."""
    kept = {key: value for key, value in old.items() if key not in ("ver", "aux_id", "cnr_id", "Node name for S&R")}
    return {"cnr_id": schema.pack, "Node name for S&R": schema.type, **kept}
