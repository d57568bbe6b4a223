"""The planner's count tells the loop how often to run, instead of a number that somebody has to keep right."""

from __future__ import annotations

from ...editing.graph import Graph
from ...editing.handles import Node
from ...node_kinds import PLANNER
from ...reading.trace import hops, nodes_of
from ..migration import Migration, MigrationError, Options
from ..planners import planner_for, switched_on


def _upgrade(graph: Graph, options: Options) -> tuple[str, ...]:
    remarks: list[str] = []
    for opened in nodes_of(graph, "TensorLoopOpen"):
        wired = _wired(opened)
        if wired is not None and wired.type == PLANNER:
            remarks.extend(switched_on(graph, wired))
            continue
        if wired is not None and not options.get("named"):
            # Someone who wired a constant wants a short test run; only the named command replaces it.
            continue
        found = planner_for(graph, opened, make=bool(options.get("named")))
        if found is None:
            if options.get("named"):
                raise MigrationError(
                    f"there is no AudioLoopPlanner beside {opened} to take the count from, and no AudioLoopController with a "
                    "song to make one from; add a planner and wire its audio"
                )
            remarks.append(f"{opened}: no AudioLoopPlanner beside it; the loop keeps its own number of iterations")
            continue
        remarks.extend(found.remarks)
        graph.connect(found.planner.output("total_iterations"), opened.input("iterations_in"))
    return tuple(remarks)


def _wired(opened: Node) -> Node | None:
    """The node that says how often, also one that is bypassed: what it would pass on is another matter."""
    way, source = hops(opened.input("iterations_in"))
    passed = next((slot.source.node for slot in way if slot.source is not None and _is_planner(slot.source.node)), None)
    return passed or (source.node if source is not None else None)


def _is_planner(node: Node | None) -> bool:
    return node is not None and node.type == PLANNER


def _downgrade(graph: Graph, _options: Options) -> None:
    for opened in nodes_of(graph, "TensorLoopOpen"):
        graph.disconnect(opened.input("iterations_in"))


migration = Migration(
    name="iterations_autowire",
    summary="wire AudioLoopPlanner.total_iterations to TensorLoopOpen.iterations_in",
    upgrade=_upgrade,
    downgrade=_downgrade,
    revision=6,
    after=("controller_values", "outdated_sockets"),
)
