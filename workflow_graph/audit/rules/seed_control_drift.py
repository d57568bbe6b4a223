"""Saved values lie under the widgets that they were saved for."""

from __future__ import annotations

from collections.abc import Iterator

from ...earlier.table import CONTROL_WORDS
from ...schemas import CONTROL, NodeSchema, WidgetSpec
from ...view import NodeView
from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="no leftover seed control shifts a node's saved values",
    seen="the render refuses to start, or runs with a wrong number of frames per second",
    why="the node once had a seed with a control widget; its saved word now lies under the next widget",
    mend="python scripts/workflow.py migrate FILE",
    by_hand="put a new node of that type in its place and set its values",
    needs_flow=False,
)
def seed_control_drift(subject: Subject) -> Iterator[Finding]:
    """Compares each saved value with the kind of widget at its place."""
    for level in subject.view.levels():
        for node in level.nodes.values():
            schema = subject.schemas.get(node.type)
            if schema is not None and isinstance(node.widgets_values, list):
                yield from _drifted(node, schema, node.widgets_values)


def _drifted(node: NodeView, schema: NodeSchema, saved: list[object]) -> Iterator[Finding]:
    widgets = schema.widgets(schema.read_widgets(saved))
    for widget, value in zip(widgets, saved, strict=False):
        if _fits(widget, value):
            continue
        yield Finding(
            f"node {node.id} ({node.type})",
            f"{widget.name} holds {value!r}" + (", the word of a seed control" if value in CONTROL_WORDS else ""),
        )
        return


def _fits(widget: WidgetSpec, value: object) -> bool:
    if widget.input is None:
        return not widget.name.startswith(CONTROL) or value in CONTROL_WORDS or not isinstance(value, (int, float))
    if widget.input.widget_type not in ("INT", "FLOAT") or not isinstance(value, str):
        return True
    try:
        float(value)
    except ValueError:
        return False
    return True
