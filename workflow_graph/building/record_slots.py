"""Which inputs and outputs a node under construction shows."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..links import INPUT_BOUNDARY
from .records import BoundaryRecord, LevelRecord, NodeRecord


class InputShown(NamedTuple):
    """An input slot of a node under construction."""

    name: str
    type: str
    required: bool
    has_widget: bool


class OutputShown(NamedTuple):
    """An output slot of a node under construction."""

    name: str
    type: str
    is_list: bool


def inputs_shown(record: NodeRecord) -> list[InputShown]:
    """Every input slot, in order."""
    definition = record.definition
    if definition is not None:
        return [InputShown(b.name, b.type, True, promoted(definition, b) is not None) for b in definition.inputs]
    specs = record.schema.sockets(record.values, record.links) if record.schema is not None else ()
    return [InputShown(spec.name, spec.type, spec.required, spec.has_widget) for spec in specs]


def outputs_shown(record: NodeRecord) -> list[OutputShown]:
    """Every output slot, in order."""
    if record.definition is not None:
        return [OutputShown(boundary.name, boundary.type, False) for boundary in record.definition.outputs]
    specs = record.schema.outputs if record.schema is not None else ()
    return [OutputShown(spec.name, output_type(record, slot), spec.is_list) for slot, spec in enumerate(specs)]


def output_type(record: NodeRecord, slot: int) -> str:
    """The type of an output of a known node: that of what is wired to its inputs, if they match."""
    assert record.schema is not None
    spec = record.schema.outputs[slot]
    if not spec.match_group:
        return spec.type
    grouped = [i.name for i in record.schema.sockets(record.values, record.links) if i.match_group == spec.match_group]
    return next((record.links[n].type for n in grouped if n in record.links and record.links[n].type != "*"), spec.type)


def promoted(level: LevelRecord, boundary: BoundaryRecord) -> tuple[NodeRecord, str] | None:
    """The first inner widget that an input of a subgraph feeds, if any: the instance shows that widget."""
    slot = level.inputs.index(boundary)
    for record in level.nodes.values():
        for name, output in record.links.items():
            if (output.node_id, output.slot) != (INPUT_BOUNDARY, slot):
                continue
            if record.schema is not None and record.schema.input(name, record.values).has_widget:
                return record, name
            if record.definition is not None and promoted(record.definition, _input(record.definition, name)):
                return record, name
    return None


def promoted_value(level: LevelRecord, boundary: BoundaryRecord) -> Any:
    """The value that an instance starts with for a promoted input."""
    if boundary.default is not None:
        return boundary.default
    found = promoted(level, boundary)
    assert found is not None
    record, name = found
    if record.definition is not None:
        return record.values.get(name, promoted_value(record.definition, _input(record.definition, name)))
    assert record.schema is not None
    return record.values.get(name, record.schema.input(name, record.values).default)


def _input(level: LevelRecord, name: str) -> BoundaryRecord:
    return next(boundary for boundary in level.inputs if boundary.name == name)
