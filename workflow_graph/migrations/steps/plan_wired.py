"""Nodes that need the loop's plan get it, if a file from before the plan existed has nothing there."""

from __future__ import annotations

from ...editing.graph import Graph
from ...editing.handles import GraphError, Level, Node, Output
from ...node_kinds import BATCH_ENCODER, PLANNER, SONG_ENCODER
from ...reading.trace import feeding, has_input, runs
from ..migration import Migration, Options
from ..planners import planner_beside, planners_around, switched_on

PLAN = "AUDIO_LOOP_PLAN"


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    remarks: list[str] = []
    for node in graph.nodes:
        if not runs(node) or not (_needs_plan(node) or _has_other_times(node) or _leaves_song_short(node)):
            continue
        planners = planners_around(node.level)
        if not planners:
            if _needs_plan(node):
                remarks.append(f"{node}: its plan is not wired, and no AudioLoopPlanner beside it makes one")
            elif graph.find(type=PLANNER) and _has_other_times(node):
                remarks.append(f"{node}: it goes by preset times; wire the plan of AudioLoopPlanner, which is elsewhere, to it")
            continue
        try:
            with graph.guard():
                for planner in planners:
                    remarks.extend(switched_on(graph, planner))
                graph.connect(_plan_in(graph, node.level), node.input("plan"))
        except GraphError as error:
            remarks.append(f"{node}: its plan cannot be wired: {error}")
    return tuple(remarks)


def _plan_in(graph: Graph, level: Level) -> Output:
    """The plan inside a level: of its planner, or through a new input of the subgraph from the planner around it."""
    planner = planner_beside(level)
    if planner is not None:
        return planner.output("plan")
    taken = {each.name for each in level.inputs}
    name = next(name for name in ("plan", *(f"plan_{number}" for number in range(2, 1000))) if name not in taken)
    inside = graph.add_input(level, name, PLAN)
    for instance in level.instances:
        graph.connect(_plan_in(graph, instance.level), instance.input(name))
    return inside


def _needs_plan(node: Node) -> bool:
    """Whether the node cannot run without a plan and has none."""
    schema = node.schema
    if schema is None or schema.pack != "audio-loop":
        return False
    return any(spec.name == "plan" and spec.type == PLAN and spec.required for spec in schema.inputs) and _unwired(node, "plan")


def _has_other_times(node: Node) -> bool:
    """Whether a list of prompts goes by the stride and length that a new node has, which nobody has chosen."""
    if node.type != BATCH_ENCODER or node.schema is None:
        return False
    values = node.widgets
    usual = {widget.name: widget.default for widget in node.schema.widgets()}
    return all(
        _unwired(node, name) and (name == "plan" or values[name] == usual[name])
        for name in ("plan", "stride_seconds", "audio_duration")
    )


def _leaves_song_short(node: Node) -> bool:
    """Whether a song is encoded without the silence that the plan's last window needs."""
    if node.type != SONG_ENCODER or not _unwired(node, "plan"):
        return False
    heard = feeding(node.input("audio"))
    return heard is None or heard.type != "AudioPadToPlan"


def _unwired(node: Node, name: str) -> bool:
    return has_input(node, name) and node.input(name).link is None


migration = Migration(
    name="plan_wired",
    summary="wire AudioLoopPlanner.plan to nodes that cannot run without it, and to a prompt list that goes by preset times",
    upgrade=_upgrade,
    revision=8,
)
