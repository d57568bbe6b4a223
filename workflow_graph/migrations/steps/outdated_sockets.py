"""Inputs, outputs and values that were saved under an earlier name or in an earlier order come to today's."""

from __future__ import annotations

from collections.abc import Iterator

from ...earlier.bring_up import bring_up
from ...editing.graph import Graph
from ..migration import Migration, Options

BY_POSITION = frozenset({"comfy-core", "audio-loop"})
"""Packs whose nodes the frontend reads by the position of their values; others read a mapping by themselves."""


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    return (*bring_up(graph), *_in_order(graph))


def _in_order(graph: Graph) -> Iterator[str]:
    """Values that were saved by name, of nodes for which the frontend would read none of them."""
    for node in graph.nodes:
        saved, schema = node.raw.get("widgets_values"), node.schema
        if not isinstance(saved, dict) or schema is None or schema.pack not in BY_POSITION:
            continue
        known = schema.read_widgets(saved)
        for name in [name for name, value in saved.items() if name not in known and value is not None]:
            yield f"{node}: the saved value {name} {saved[name]!r} fits no widget of today's node and is gone"
        node.raw["widgets_values"] = schema.write_widgets(known)


migration = Migration(
    name="outdated_sockets",
    summary="bring nodes that an earlier version or the older pack saved to today's inputs, outputs and order of values",
    upgrade=_upgrade,
    revision=2,
    repeats=True,
)
