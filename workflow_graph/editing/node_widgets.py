"""A node's widget values by name instead of by position."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from ..document import Document
from ..links import NodeId
from ..value_check import BuildError, check_value
from . import promotion, sockets
from .graph_state import GraphState
from .transactions import guard


class Widgets(MutableMapping[str, Any]):
    """The widget values of one node.

    Names come from the schema snapshots; from the boundary for a subgraph instance; from the file itself if it names
    them (some packs save a mapping). A node whose names nothing tells has its values under "#0", "#1", ...
    Setting the choice of a DynamicCombo brings the inputs of that choice, and drops those of the former one.
    """

    def __init__(self, state: GraphState, level: str, node: NodeId) -> None:
        self._state, self._level, self._node = state, level, node

    def __getitem__(self, name: str) -> Any:
        values = self._values()
        if name not in values:
            raise self._unknown(name, values)
        return values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        values, state, schema = self._values(), self._state, self._state.schema(self._raw)
        if name not in values:
            raise self._unknown(name, values)
        if schema is not None:
            spec = next(widget.input for widget in schema.widgets(values) if widget.name == name)
            if spec is not None:
                try:
                    check_value(spec, value, self._who())
                except BuildError as error:
                    raise ValueError(str(error)) from error
        values[name] = value
        with guard(state):
            state.edits += 1
            store(state, self._level, self._node, values)

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"widget {name!r} belongs to the node's type and cannot be removed")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    @property
    def _raw(self) -> Document:
        return self._state.node(self._level, self._node)

    def _who(self) -> str:
        return f"node {self._node} ({self._state.title(self._raw)})"

    def _unknown(self, name: str, values: dict[str, Any]) -> KeyError:
        return KeyError(f"{self._who()} has no widget {name!r}; it has {', '.join(values) or 'none'}")

    def _values(self) -> dict[str, Any]:
        return promotion.values_of(self._state, self._raw)


def store(state: GraphState, level: str, node: NodeId, values: dict[str, Any]) -> None:
    """Saves all widget values of a node, in the form that it saves them in."""
    raw = state.node(level, node)
    schema = state.schema(raw)
    if isinstance(raw.get("widgets_values"), dict):
        raw["widgets_values"] = values
    elif schema is not None:
        raw["widgets_values"] = schema.write_widgets(values)
        sockets.resync(state, level, node, schema, values)
    elif state.is_definition(str(raw["type"])):
        promotion.write_values(raw, list(values), values)
    else:
        raw["widgets_values"] = list(values.values())
    # A second copy under names, written by newer frontends, must not contradict the first.
    if isinstance(raw.get("widgets_values_named"), dict):
        raw["widgets_values_named"] = {key: value for key, value in values.items() if not key.startswith("#")}
