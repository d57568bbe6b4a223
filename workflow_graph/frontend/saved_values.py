"""Saved widget values by name, as the frontend gives them to its widgets when it loads a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..schemas import NodeSchema
from ..view import NodeView


def widget_values(node: NodeView, schema: NodeSchema | None) -> dict[str, Any]:
    """The values of a node; what a file does not say is the schema's default."""
    saved = node.widgets_values
    if schema is None:
        named = node.raw.get("widgets_values_named")
        for source in (saved, named):
            if isinstance(source, Mapping):
                return dict(source)
        return {}
    values = schema.read_widgets(saved)
    if node.type == "CustomCombo" and isinstance(saved, list):
        return _custom_combo(saved)
    for widget in schema.widgets(values):
        # A combo without a value takes its first choice when a file is loaded (ComfyApp.loadGraphData).
        if values.get(widget.name) is None and widget.input is not None and widget.input.choices:
            values[widget.name] = widget.input.choices[0]
    return values


def _custom_combo(saved: list[Any]) -> dict[str, Any]:
    """Values of a CustomCombo: its choice, the place of the choice among the options, and options up to the first empty one."""
    choice = saved[0] if saved else None
    options: list[Any] = []
    for value in saved[2:]:
        options.append(value)
        if not value:
            break
    if not options or options[-1]:
        options.append("")
    index = options.index(choice) if choice in options else -1
    return {"choice": choice, "index": index, **{f"option{i}": value for i, value in enumerate(options, start=1)}}
