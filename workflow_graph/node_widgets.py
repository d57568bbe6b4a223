"""A node's widget values by name instead of by position."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from . import promotion, sockets
from .checks import BuildError, check_value
from .document import Document

if TYPE_CHECKING:
    from .handles import Node


class Widgets(MutableMapping[str, Any]):
    """The widget values of one node.

    Names come from the schema snapshots; from the boundary for a subgraph instance; from the file itself where it names
    them (some packs save a mapping). A node whose names nothing tells has its values under "#0", "#1", ...
    Setting the choice of a DynamicCombo brings the inputs of that choice, and drops those of the former one.
    """

    def __init__(self, node: Node) -> None:
        self._node = node

    def __getitem__(self, name: str) -> Any:
        values = self._values()
        if name not in values:
            raise KeyError(f"{self._node} has no widget {name!r}; it has {', '.join(values) or 'none'}")
        return values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        values = self._values()
        if name not in values:
            raise KeyError(f"{self._node} has no widget {name!r}; it has {', '.join(values) or 'none'}")
        node, schema = self._node, self._node.schema
        if schema is not None:
            spec = next(widget.input for widget in schema.widgets(values) if widget.name == name)
            if spec is not None:
                try:
                    check_value(spec, value, str(node))
                except BuildError as error:
                    raise ValueError(str(error)) from error
        values[name] = value
        with node.level.graph.guard():
            node.level.graph.edits += 1
            self._store(node.raw, values)

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"widget {name!r} belongs to the node's type and cannot be removed")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def _values(self) -> dict[str, Any]:
        node = self._node
        saved = node.raw.get("widgets_values")
        schema = node.schema
        if schema is not None:
            return schema.read_widgets(saved)
        definition = node.definition
        if definition is not None:
            names = promotion.names(definition)
            listed = promotion.saved_values(node.raw, names)
            return {name: listed[name] if name in listed else promotion.interior_value(definition, name) for name in names}
        if isinstance(saved, dict):
            return dict(saved)
        return {f"#{i}": value for i, value in enumerate(saved if isinstance(saved, list) else ())}

    def _store(self, raw: Document, values: dict[str, Any]) -> None:
        schema = self._node.schema
        if isinstance(raw.get("widgets_values"), dict):
            raw["widgets_values"] = values
        elif schema is not None:
            raw["widgets_values"] = schema.write_widgets(values)
            sockets.resync(self._node, schema, values)
        elif self._node.definition is not None:
            promotion.write_values(raw, list(values), values)
        else:
            raw["widgets_values"] = list(values.values())
        # A second copy under names, written by newer frontends, must not contradict the first.
        if isinstance(raw.get("widgets_values_named"), dict):
            raw["widgets_values_named"] = {key: value for key, value in values.items() if not key.startswith("#")}
