"""The planner's count tells the loop how often to run, instead of a number that somebody has to keep right."""

from __future__ import annotations

from ...earlier.bring_up import bring_up, is_outdated
from ...graph import Graph
from ..migration import Migration, MigrationError, Options
from ..trace import PLANNER, has_input, hops, nodes_of, planner_beside, switched_on


def _upgrade(graph: Graph, options: Options) -> tuple[str, ...]:
    remarks: list[str] = []
    if options.get("named"):
        remarks.extend(_own_stride(graph))
    for opened in nodes_of(graph, "TensorLoopOpen"):
        wired = hops(opened.input("iterations_in"))[1] if has_input(opened, "iterations_in") else None
        if wired is not None and wired.node is not None and wired.node.type == "AudioLoopPlanner":
            continue
        if wired is not None and not options.get("named"):
            # Someone who wired a constant wants a short test run; only the named command replaces it.
            continue
        planner = planner_beside(opened.level)
        if planner is None:
            if options.get("named"):
                raise MigrationError(
                    f"there is no AudioLoopPlanner beside {opened} to take the count from; add one and wire its audio"
                )
            remarks.append(f"{opened}: no AudioLoopPlanner beside it; the loop keeps its own number of iterations")
            continue
        if not has_input(opened, "iterations_in"):
            graph.swap(opened, opened.type)
        remarks.extend(switched_on(graph, planner))
        graph.connect(planner.output("total_iterations"), opened.input("iterations_in"))
    return tuple(remarks)


def _own_stride(graph: Graph) -> tuple[str, ...]:
    """A planner that reads its stride from inside the loop cannot count it; that goes first."""
    return bring_up(graph) if any(is_outdated(node) for node in graph.find(type=PLANNER)) else ()


def _downgrade(graph: Graph, _options: Options) -> None:
    for opened in nodes_of(graph, "TensorLoopOpen"):
        if has_input(opened, "iterations_in"):
            graph.disconnect(opened.input("iterations_in"))


migration = Migration(
    name="iterations_autowire",
    summary="wire AudioLoopPlanner.total_iterations to TensorLoopOpen.iterations_in",
    upgrade=_upgrade,
    downgrade=_downgrade,
    revision=6,
)
