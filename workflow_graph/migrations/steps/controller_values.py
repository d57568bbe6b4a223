"""The control widget that the controller's seed once had is taken out of its saved values.

While the input was called `seed`, the frontend saved "randomize" (or the like) after it. Today's node has no such widget, so
every value behind it is read one place too late: fps becomes "randomize".
"""

from __future__ import annotations

from ...earlier.table import CONTROL_WORDS
from ...editing.graph import Graph
from ...node_kinds import CONTROLLER
from ..migration import Migration, Options


def _upgrade(graph: Graph, _options: Options) -> None:
    for node in graph.find(type=CONTROLLER):
        values = node.raw.get("widgets_values")
        if isinstance(values, list) and any(value in CONTROL_WORDS for value in values if isinstance(value, str)):
            node.raw["widgets_values"] = [v for v in values if not (isinstance(v, str) and v in CONTROL_WORDS)]


migration = Migration(
    name="controller_values",
    summary="take the leftover seed control out of AudioLoopController's values",
    upgrade=_upgrade,
    revision=1,
)
