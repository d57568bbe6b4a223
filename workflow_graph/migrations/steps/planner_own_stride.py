"""The planner works out its stride itself instead of reading it from the controller, which runs inside the loop."""

from __future__ import annotations

from ...graph import Graph
from ...handles import Node
from ..migration import Migration, MigrationError, Options
from ..trace import has_input


def _upgrade(graph: Graph, _options: Options) -> None:
    for node in graph.find(type="AudioLoopPlanner"):
        if has_input(node, "stride_seconds"):
            _renew(graph, node)


def _renew(graph: Graph, node: Node) -> None:
    level = node.level
    controller = next((n for n in level.nodes if n.type == "AudioLoopController"), None)
    if controller is None:
        raise MigrationError(
            f"{node} reads its stride from outside, and there is no AudioLoopController to take the overlap from; "
            "add an AudioLoopPlanner of today and wire window_seconds and overlap_seconds"
        )
    values = node.raw.get("widgets_values")
    window = values[1] if isinstance(values, list) and len(values) > 1 else controller.widgets["window_seconds"]
    kept = {"window_seconds": window, "overlap_seconds": controller.widgets["overlap_seconds"]}
    node.raw["widgets_values"] = []
    fps = controller.widgets["fps"]
    graph.swap(
        node,
        node.type,
        inputs={"stride_seconds": None},
        values={
            **{k: float(v) for k, v in kept.items() if isinstance(v, (int, float))},
            **({"fps": fps} if isinstance(fps, int) else {}),
        },
    )
    for name in ("overlap_seconds", "fps"):
        source = controller.input(name).source
        if source is not None and node.input(name).link is None:
            graph.connect(source, node.input(name))


migration = Migration(
    name="planner_own_stride",
    summary="let AudioLoopPlanner work out its stride, so that it can tell the loop how often to run",
    upgrade=_upgrade,
    revision=2,
)
