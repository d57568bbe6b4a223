"""A node under construction: its inputs, checked against the schemas as they are given, and its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..schemas import CONTROL, NodeSchema, is_valid_connection
from ..value_check import BuildError, check_value
from .record_slots import output_type, promoted
from .records import LevelRecord, Linked, NodeRecord, Wire


class BuiltNode:
    """Handle of a node under construction."""

    def __init__(self, level: LevelRecord, record: NodeRecord) -> None:
        self._level = level
        self._record = record

    @property
    def id(self) -> int:
        """The node's id."""
        return self._record.id

    @property
    def type(self) -> str:
        """The node's type; a subgraph instance has the id of its definition."""
        return self._record.type

    def out(self, name: str | int = 0) -> Wire:
        """An output by name, type or slot.

        Raises:
            SchemaError: There is no such output, or several.
            BuildError: A subgraph has no such output, or the node is a note.
        """
        record = self._record
        if record.definition is not None:
            for slot, boundary in enumerate(record.definition.outputs):
                if name in (boundary.name, slot):
                    return Wire(self._level, record.id, slot, boundary.name, boundary.type)
            names = ", ".join(boundary.name for boundary in record.definition.outputs) or "none"
            raise BuildError(f"subgraph {record.definition.name!r} has no output {name!r}; there are {names}")
        if record.schema is None:
            raise BuildError(f"{record.type} {record.id} has no outputs")
        slot = record.schema.output_index(name)
        return Wire(self._level, record.id, slot, record.schema.outputs[slot].name, output_type(record, slot))

    def set(self, **values: Any) -> BuiltNode:
        """Gives further inputs (values or outputs of other nodes), as in `GraphBuilder.node`."""
        self.assign(values)
        return self

    def assign(self, values: Mapping[str, Any]) -> None:
        """Gives inputs by name.

        Raises:
            SchemaError: Unknown input.
            BuildError: A value or type that does not fit.
        """
        record = self._record
        if record.definition is not None:
            for name, value in values.items():
                _assign_to_instance(self._level, record, record.definition, name, value)
            return
        if record.schema is None:
            raise BuildError(f"{record.type} {record.id} has no inputs")
        # Choices of a DynamicCombo decide which other inputs exist, so they come first (outer names are shorter).
        for name, value in sorted(values.items(), key=lambda item: (item[0].count("."), isinstance(item[1], Wire))):
            _assign(self._level, record, record.schema, name, value)

    def __repr__(self) -> str:
        return f"<{self.id} {self._record.title or self.type}>"


def _assign(level: LevelRecord, record: NodeRecord, schema: NodeSchema, name: str, value: Any) -> None:
    who = f"{record.type} {record.id}"
    if value is None:
        schema.input(name, record.values)
        return
    if isinstance(value, Linked):
        _assign(level, record, schema, name, value.value)
        value = value.output
    if isinstance(value, BuiltNode):
        raise BuildError(f"{who}: input {name!r} was given the node {value!r}; say which output with .out(...)")
    if isinstance(value, Wire):
        spec = schema.input(name, record.values)
        if not spec.takes_link:
            raise BuildError(f"{who}: input {name!r} takes no link")
        check_link(level, value, spec.type, f"{who}: input {name!r}")
        record.links[name] = value
        return
    if name.split("#")[0] in (CONTROL, "control_filter_list"):
        if name not in [widget.name for widget in schema.widgets(record.values)]:
            raise BuildError(f"{who}: no widget {name!r}")
    else:
        check_value(schema.input(name, record.values), value, who)
    record.values[name] = value


def _assign_to_instance(level: LevelRecord, record: NodeRecord, definition: LevelRecord, name: str, value: Any) -> None:
    boundary = next((b for b in definition.inputs if b.name == name), None)
    where = f"subgraph {definition.name!r} {record.id}: input {name!r}"
    if boundary is None:
        raise BuildError(f"{where} does not exist; there are {', '.join(b.name for b in definition.inputs) or 'none'}")
    if isinstance(value, Wire):
        check_link(level, value, boundary.type, where)
        record.links[name] = value
    elif value is not None:
        if promoted(definition, boundary) is None:
            raise BuildError(f"{where} feeds no widget, so it takes a link and no value")
        record.values[name] = value


def check_link(level: LevelRecord, output: Wire, wanted: str, where: str) -> None:
    """Refuses a link from another level or between types that do not fit."""
    if output.level is not level:
        raise BuildError(
            f"{where} was given an output of {output.level.name!r}, but the node is in {level.name!r}; "
            "pass it through an input or output of the subgraph"
        )
    if not is_valid_connection(output.type, wanted):
        raise BuildError(f"{where} takes {wanted}, but output {output.name!r} of node {output.node_id} gives {output.type}")
