"""Which form a saved node has, and what its inputs, outputs and values are called today. Pure; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..schemas import NodeSchema, is_valid_connection
from .table import CONTROL, CONTROL_WORDS, LOST_INPUTS, LOST_OUTPUTS, TABLE, Earlier

_WRONG = 10.0
"""Weight of a name or value that a form cannot have; fewer outputs than it has weigh least, so an exact match wins."""


@dataclass(frozen=True)
class Renamed:
    """One saved input, value or output that today's node has elsewhere or not at all.

    Attributes:
        side: "input", "value" or "output".
        name: As saved.
        index: Its slot as saved; -1 for a value.
        now: Today's name; None if nothing took its place.
        why: What to say of that, "" if the name says it.
    """

    side: str
    name: str
    index: int
    now: str | None
    why: str = ""
    slot: int = -1
    """Today's slot of an output."""

    def __str__(self) -> str:
        if self.side == "output" and self.slot >= 0:
            return f"output {self.index} {self.name!r} is output {self.slot} {self.now!r} today"
        became = f"is {self.now} today" if self.now is not None else "is gone"
        return f"{self.side} {self.name!r} {became}{f': {self.why}' if self.why else ''}"


@dataclass(frozen=True)
class Recognised:
    """A saved node in today's terms.

    Attributes:
        changes: What has another name or place; empty for a node of today's form.
        values: Widget values by today's name, those that fit.
        earlier: Values by earlier name that today's node has no widget for.
        misfits: "NAME VALUE" of values that fit no widget of their name.
    """

    changes: tuple[Renamed, ...]
    values: Mapping[str, Any]
    earlier: Mapping[str, Any]
    misfits: tuple[str, ...]


def recognise(raw: Mapping[str, Any], schema: NodeSchema) -> Recognised:
    """Reads a saved node whose type has earlier forms, or any other by the names that it shares with today's.

    Args:
        raw: The node as the file has it.
        schema: Today's node.
    """
    forms = (_today(schema), *TABLE.get(schema.type, ()))
    form = min(forms, key=lambda one: _distance(one, raw))
    # A node can show names of several versions, when it was opened and saved with one after the other.
    form = replace(form, inputs=_all_names(forms, "inputs") | dict(form.inputs), outputs=_all_names(forms, "outputs"))
    saved, misfits = _named(raw.get("widgets_values"), form)
    today = {widget.name: widget for widget in schema.widgets(saved)}
    values, earlier, changes = {}, {}, []
    for name, value in saved.items():
        now = form.inputs.get(name, name)
        if now in today:
            values[now] = value
        else:
            earlier[name] = value
        if now != name or now not in today:
            changes.append(Renamed("value", name, -1, now if now in today else None, _lost(LOST_INPUTS, schema, name)))
    order = [list(today).index(form.inputs.get(name) or name) for name in saved if (form.inputs.get(name) or name) in today]
    if isinstance(raw.get("widgets_values"), list) and order != sorted(order):
        changes.append(Renamed("value", "order", -1, "in another order", "each is read under its own name"))
    changes = [*_inputs(raw, schema, form, values), *changes, *_outputs(raw, schema, form)]
    return Recognised(tuple(changes), values, earlier, tuple(misfits))


def _all_names(forms: tuple[Earlier, ...], side: str) -> dict[str, str | None]:
    today = forms[0]
    known = {*today.widget_kinds, *today.socket_kinds} if side == "inputs" else set(today.output_names)
    return {old: new for form in forms for old, new in getattr(form, side).items() if old not in known}


def _today(schema: NodeSchema) -> Earlier:
    widgets = [(w.name, CONTROL if w.input is None else w.input.widget_type) for w in schema.widgets() if w.saved]
    sockets = [spec for spec in schema.inputs if not spec.has_widget]
    return Earlier(
        ", ".join(f"{name} {kind}" for name, kind in widgets),
        ", ".join(f"{spec.name} {spec.type.replace(',', '|').replace(' ', '')}" for spec in sockets),
        tuple(output.name for output in schema.outputs),
    )


def _distance(form: Earlier, raw: Mapping[str, Any]) -> float:
    widgets, sockets = form.widget_kinds, form.socket_kinds
    known = {name.split(".")[0] for name in (*widgets, *sockets)}
    far = 0.0
    for slot in _slots(raw, "inputs"):
        name = str(slot.get("name"))
        wanted = sockets.get(name, "*").replace("|", ",")
        if name.split(".")[0] not in known or not is_valid_connection(slot.get("type"), wanted):
            far += _WRONG
    values = raw.get("widgets_values")
    if isinstance(values, list):
        far += _WRONG * sum(not fits(v, kind) for v, kind in zip(values, widgets.values(), strict=False))
        far += _WRONG * max(0, len(values) - len(widgets)) + (len(values) < len(widgets))
    names = tuple(str(slot.get("name")) for slot in _slots(raw, "outputs"))
    if names != form.output_names:
        is_part = names == form.output_names[: len(names)]
        far += 0.5 if is_part else min(6.0, 3.0 * sum(name not in form.output_names for name in names) + 1.0)
    return far


def fits(value: Any, kind: str) -> bool:
    """Whether a saved value can be one of a widget of that kind."""
    if value is None:
        return True
    if kind == CONTROL:
        return value in CONTROL_WORDS if isinstance(value, str) else False
    if kind in ("INT", "FLOAT"):
        whole = kind == "FLOAT" or (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        return isinstance(value, (int, float)) and not isinstance(value, bool) and whole
    if kind == "BOOLEAN":
        return isinstance(value, bool)
    return isinstance(value, str) if kind == "STRING" else True


def _named(saved: Any, form: Earlier) -> tuple[dict[str, Any], list[str]]:
    kinds = form.widget_kinds
    if isinstance(saved, Mapping):
        pairs = [(str(name), value) for name, value in saved.items()]
    else:
        values = saved if isinstance(saved, list) else []
        pairs = [*zip(kinds, values, strict=False), *((f"#{i}", v) for i, v in enumerate(values) if i >= len(kinds))]
    # A number is kept wherever a number goes: INT and FLOAT only tell forms apart.
    loose = {name: "FLOAT" if kind == "INT" else kind for name, kind in kinds.items()}
    kept = {name: value for name, value in pairs if name in loose and value is not None and fits(value, loose[name])}
    return kept, [f"{name} {value!r}" for name, value in pairs if value is not None and name not in kept]


def _inputs(raw: Mapping[str, Any], schema: NodeSchema, form: Earlier, values: Mapping[str, Any]) -> Iterator[Renamed]:
    names = {str(slot.get("name")) for slot in _slots(raw, "inputs")}
    known = {spec.name: spec.type for spec in schema.sockets(values, names)}
    for index, slot in enumerate(_slots(raw, "inputs")):
        name = str(slot.get("name"))
        if name in known and is_valid_connection(slot.get("type"), known[name]):
            continue
        if name not in form.inputs and _belongs(schema, name):
            # An input of another choice of a DynamicCombo, or one more of a growing list.
            continue
        now = form.inputs.get(name, name if name in known else None)
        yield Renamed("input", name, index, now if now in known else None, _lost(LOST_INPUTS, schema, name))


def _belongs(schema: NodeSchema, name: str) -> bool:
    return "." in name and name.split(".")[0] in {spec.name for spec in schema.inputs}


def _outputs(raw: Mapping[str, Any], schema: NodeSchema, form: Earlier) -> Iterator[Renamed]:
    today = [output.name for output in schema.outputs]
    for index, slot in enumerate(_slots(raw, "outputs")):
        name = str(slot.get("name"))
        if index < len(today) and today[index] == name:
            continue
        if name in form.outputs:
            now = form.outputs[name]
        elif today.count(name) == 1:
            now = name
        elif index < len(today) and is_valid_connection(slot.get("type"), schema.outputs[index].type):
            # A name that nobody knows: what is at its place is what the frontend goes on with.
            if schema.type not in TABLE:
                continue
            now = today[index]
        else:
            now = None
        yield Renamed("output", name, index, now, _lost(LOST_OUTPUTS, schema, name), today.index(now) if now else -1)


def _lost(table: Mapping[tuple[str, str], str], schema: NodeSchema, name: str) -> str:
    return table.get((schema.type, name), "")


def _slots(raw: Mapping[str, Any], side: str) -> list[Mapping[str, Any]]:
    listed = raw.get(side)
    return [slot for slot in listed if isinstance(slot, Mapping)] if isinstance(listed, list) else []
