"""All prompts are encoded once before the loop; the text encoder no longer pushes the video model out in every iteration."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import Input, Node
from ...editing.places import place
from ...node_kinds import BATCH_ENCODER, CONTROLLER
from ...reading.trace import has_input, number, origin, runs
from ..migration import Migration, MigrationError, Options
from ..planners import planner_for

ENCODERS = frozenset({"CLIPTextEncode", "CachedTextEncode", "CachedTextEncode_AudioLoop"})
SELECT = "ConditioningSelectByIteration"
DEFAULT_RATE = 25.0


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    remarks: list[str] = []
    for schedule in graph.find(type="TimestampPromptSchedule"):
        encoders = [node for node in _readers(schedule) if node.type in ENCODERS]
        if encoders:
            remarks.extend(_replace(graph, schedule, encoders))
    return tuple(remarks)


def _replace(graph: Graph, schedule: Node, encoders: list[Node]) -> Iterator[str]:
    level = schedule.level
    iteration = schedule.input("current_iteration").source
    clip = next((node.input("clip").source for node in encoders if node.input("clip").source is not None), None)
    if iteration is None or clip is None:
        raise MigrationError(f"{schedule}: its current_iteration or the encoder's clip is not wired; wire them first")
    found = planner_for(graph, schedule)
    if found is None:
        raise MigrationError(
            f"{schedule}: no AudioLoopPlanner outside the loop gives stride and duration, and no AudioLoopController with a "
            "song is there to make one from; add a planner, wire audio, window and overlap, and run this again"
        )
    planner = found.planner
    yield from found.remarks
    for node in _readers(schedule):
        if node not in encoders and node.type != "ConditioningBlend":
            yield f"{node} read the time or text of {schedule} and is no longer fed"
    ends = _ends(encoders)
    rate = _rate(graph)
    graph.swap(
        schedule,
        BATCH_ENCODER,
        inputs={"current_iteration": None, "stride_seconds": None, "overlap_seconds": None},
        outputs={slot.name: None for slot in schedule.outputs},
        widgets={"current_iteration": None, "stride_seconds": None, "overlap_seconds": None},
        values={"frame_rate": rate},
    )
    graph.connect(clip, schedule.input("clip"))
    graph.connect(planner.output("stride_seconds"), schedule.input("stride_seconds"))
    graph.connect(planner.output("audio_duration"), schedule.input("audio_duration"))
    keeper = ends[0][0].level.node(ends[0][0].source.node_id) if ends and ends[0][0].source else encoders[0]
    select = graph.add(SELECT, level=level, pos=place(keeper))
    graph.connect(schedule.output("conditioning_list"), select.input("conditioning_list"))
    graph.connect(iteration, select.input("current_iteration"))
    for target, _ in ends:
        graph.connect(select.output("conditioning"), target)
    for node in _spent(encoders):
        graph.remove(node)


def _readers(node: Node) -> list[Node]:
    found = [target.node for output in node.outputs for target in output.targets]
    return list(dict.fromkeys(n for n in found if n is not None))


def _spent(encoders: list[Node]) -> list[Node]:
    blends = [node for encoder in encoders for node in _readers(encoder) if node.type == "ConditioningBlend"]
    return [*dict.fromkeys(blends), *encoders]


def _ends(encoders: list[Node]) -> list[tuple[Input, Node]]:
    """The inputs that the encoders' conditioning goes to, behind the blend if there is one."""
    result: list[tuple[Input, Node]] = []
    for node in _spent(encoders):
        for target in (t for output in node.outputs for t in output.targets):
            if target.node is None or target.node.type != "ConditioningBlend":
                result.append((target, node))
    return result


def _rate(graph: Graph) -> float:
    """The frame rate that the initial render's conditioning carries."""
    for node in graph.find(type="LTXVConditioning"):
        found = number(node, "frame_rate") if runs(node) else None
        if found:
            return found
    for node in graph.find(type=CONTROLLER):
        source = origin(node.input("fps")) if has_input(node, "fps") else None
        value = number(node, "fps")
        if source is None and value:
            return value
    return DEFAULT_RATE


migration = Migration(
    name="batch_encode",
    summary="encode all prompts once before the loop (TimestampPromptScheduleBatchEncode and ConditioningSelectByIteration)",
    upgrade=_upgrade,
    revision=5,
    after=("controller_values", "outdated_sockets"),
)
