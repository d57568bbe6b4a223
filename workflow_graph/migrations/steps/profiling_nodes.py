"""Profiling nodes around the loop: begin, a step in each iteration, end, and a stamp on the model that numbers iterations."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Input, Node
from ...editing.places import place
from ...reading.trace import feeding, hops, nodes_of
from ...reading.walk import walk
from ..migration import Migration, Option, Options, removal
from .sage_mode import GUIDERS

EARLIER = ("ProfileBegin_AudioLoop", "ProfileIterStep_AudioLoop", "ProfileEnd_AudioLoop")
"""Their names in the older pack."""
BEGIN, STEP, END, STAMP = "ProfileBegin", "ProfileIterStep", "ProfileEnd", "LoopIterationStamp"


def _upgrade(graph: Graph, options: Options) -> tuple[str, ...]:
    if options["remove"]:
        return _downgrade(graph, options)
    remarks = []
    if not nodes_of(graph, "TensorLoopOpen"):
        remarks.append("there is no TensorLoopOpen that runs; profiling nodes go around a loop")
    for opened in nodes_of(graph, "TensorLoopOpen"):
        closed = next((n for n in nodes_of(graph, "TensorLoopClose") if feeding(n.input("flow_control")) == opened), None)
        if closed is None:
            remarks.append(f"{opened} has no TensorLoopClose; it is not profiled")
            continue
        if not graph.find(type=BEGIN):
            remarks.extend(_around(graph, opened, closed, str(options["run_name"])))
        if not graph.find(type=STAMP):
            _stamp(graph, opened, str(options["run_name"]), trace=bool(options["trace"]))
    return tuple(remarks)


def _around(graph: Graph, opened: Node, closed: Node, run_name: str) -> Iterator[str]:
    level = opened.level
    first, last = opened.input("initial_value").link, closed.input("processed").link
    if first is None or last is None:
        slot = f"{opened}: its initial_value" if first is None else f"{closed}: its processed"
        yield f"{slot} is not wired; the loop is not profiled"
        return
    if level != closed.level:
        yield f"{opened} and {closed} are not side by side; the loop is not profiled"
        return
    begin = graph.add(BEGIN, level=level, pos=place(opened, -260, -140), widgets={"run_name": run_name})
    graph.splice(first.id, begin, input="latent", output="latent")
    step = graph.add(STEP, level=level, pos=place(closed, -260, -140))
    graph.splice(last.id, step, input="latent", output="latent")
    end = graph.add(END, level=level, pos=place(closed, 260, -140))
    targets = closed.output(0).targets
    graph.connect(closed.output(0), end.input("latent"))
    for target in targets:
        graph.connect(end.output("latent"), target)
    for node in (step, end):
        graph.connect(begin.output("profile"), node.input("profile"))


def _stamp(graph: Graph, opened: Node, run_name: str, *, trace: bool) -> None:
    """Stamps the model on its way into the loop's body: the last link at the loop's own level."""
    for target in _entries(graph, opened):
        link = target.link
        if link is None:
            continue
        stamp = graph.add(
            STAMP, level=opened.level, pos=place(opened, 200, -140), widgets={"run_name": run_name, "trace": trace}
        )
        graph.splice(link.id, stamp, input="model", output="model")
        graph.connect(opened.output("current_iteration"), stamp.input("current_iteration"))


def _entries(graph: Graph, opened: Node) -> list[Input]:
    """The inputs at the loop's level by which its guiders get their model."""
    found: dict[Input, None] = {}
    for guider in nodes_of(graph, *GUIDERS):
        slot = next((slot for slot in guider.inputs if slot.type == "MODEL"), None)
        if slot is None:
            continue
        inner = [hop for hop in hops(slot)[0] if hop.level == opened.level]
        if inner and inner[0].node is not None and _in_loop(inner[0].node, opened):
            found[inner[0]] = None
    return list(found)


def _in_loop(node: Node, opened: Node) -> bool:
    """Whether the loop's start is upstream; the node may be the instance of a subgraph."""

    def passed(reader: Node) -> Iterator[Node]:
        for way, source in map(hops, reader.inputs):
            found = [hop.node for hop in way] + [source.node if source is not None else None]
            yield from (each for each in found if each is not None and (each == opened or each.level == node.level))

    return opened in walk([node], passed)


_downgrade = removal(END, STEP, BEGIN, STAMP, *reversed(EARLIER))


migration = Migration(
    name="profiling_nodes",
    summary="put ProfileBegin, ProfileIterStep, ProfileEnd and LoopIterationStamp around the loop, or remove them",
    upgrade=_upgrade,
    downgrade=_downgrade,
    options=(
        Option("run_name", "folder of the traces below output/audio_loop", "profile"),
        Option("trace", "record every attention call as well", False),
        Option("remove", "remove the nodes instead", False),
    ),
)
