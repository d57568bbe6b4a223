"""The windows that the checkpoints of a graph are going to ask for, as far as the graph says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..checkpoints.runs.after_update import AS_THE_RUN_NEEDS
from ..checkpoints.service.windows_asked import WindowsAsked
from ..loop_control.errors import PlanError
from ..loop_control.index_sets import parse_takes, parse_windows
from ..loop_control.plan import LoopPlan
from ..schedule.snapping import SnapReport
from ..workflow_graph.reading.flow import Flow, FlowNode, Source

KEEPS = "IterationCheckpoint"

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
        if indexes is None or flow.value(node, "enabled") is False:
            continue
        try:
            locked, picked = parse_windows(_text(flow, node, "locked")), parse_takes(_text(flow, node, "takes"))
        except PlanError:
            continue
        choice = _text(flow, node, "after_update") or AS_THE_RUN_NEEDS
        run_name = _text(flow, node, "run_name")
        yield node.id, WindowsAsked(indexes, prompts, plan, latent_size, run_name, locked, picked, choice)


def _indexes(flow: Flow, node: FlowNode, plan: LoopPlan) -> range | None:
    """The windows of a checkpoint: one if its number is written in the graph, else those of the loop."""
    number = flow.number(node, "current_iteration")
    if isinstance(number, int):
        return range(number, number + 1)
    return range(1, plan.iterations + 1) if isinstance(node.inputs.get("current_iteration"), Source) else None


def _text(flow: Flow, node: FlowNode, name: str) -> str:
    value = flow.value(node, name)
    return value if isinstance(value, str) else ""
