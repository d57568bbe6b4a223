"""The windows that the checkpoints of a graph are going to ask for, as far as the graph says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..checkpoints.runs.after_update import AS_THE_RUN_NEEDS
from ..checkpoints.service.windows_asked import WindowsAsked
from ..loop_control.errors import PlanError
from ..loop_control.index_sets import parse_takes, parse_windows
from ..loop_control.plan import LoopPlan
from ..schedule.snapping import SnapReport
from ..workflow_graph.node_kinds import PLANNER
from ..workflow_graph.reading.flow import Flow, FlowNode, Source
from .planning import planner_of

KEEPS = "IterationCheckpoint"
_WINDOW_OF_CANVAS = "LoopWindowOfCanvas"

WindowsOnDisk = Callable[[str, WindowsAsked], frozenset[int]]
"""(id of a checkpoint, what it asks for) -> those of the windows that lie on disk."""


def asked_windows(
    flow: Flow, plan: LoopPlan, latent_size: tuple[int, int], report: SnapReport[str]
) -> Iterator[tuple[str, WindowsAsked]]:
    """For each checkpoint that keeps windows, its id and what it is going to ask for.

    Args:
        flow: The graph.
        plan: Its plan.
        latent_size: Height and width of its latents.
        report: Its schedule on the windows of the plan.
    """
    prompts = {index: report.assignment(index).value for index in range(plan.iterations + 1)}
    for node in flow.of_type(KEEPS):
        indexes = _indexes(flow, node, plan)
        if indexes is None or flow.value(node, "enabled") is False or not _is_planned_by(flow, node, planner_of(flow)):
            continue
        try:
            locked, picked = parse_windows(_text(flow, node, "locked")), parse_takes(_text(flow, node, "takes"))
        except PlanError:
            continue
        choice = _text(flow, node, "after_update") or AS_THE_RUN_NEEDS
        run_name = _text(flow, node, "run_name")
        yield node.id, WindowsAsked(indexes, prompts, plan, latent_size, run_name, locked, picked, choice)


def _indexes(flow: Flow, node: FlowNode, plan: LoopPlan) -> tuple[int, ...] | None:
    """The windows of a checkpoint: one if its number is written in the graph, else those of the loop, as they are made."""
    number = flow.number(node, "current_iteration")
    if isinstance(number, int):
        return (number,)
    if not isinstance(node.inputs.get("current_iteration"), Source):
        return None
    source = flow.feeding(node, "current_iteration")
    return plan.sequence if source is not None and source.type == _WINDOW_OF_CANVAS else plan.sequence[1:]


def _is_planned_by(flow: Flow, node: FlowNode, planner: FlowNode | None) -> bool:
    """Whether a checkpoint goes by this planner; a graph of two stages has one for each."""
    own = flow.feeding(node, "plan")
    return own is None or own.type != PLANNER or own is planner


def _text(flow: Flow, node: FlowNode, name: str) -> str:
    value = flow.value(node, name)
    return value if isinstance(value, str) else ""
