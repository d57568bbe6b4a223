"""How many windows a song has in each stage of a workflow, and which of them need which others."""

from __future__ import annotations

from dataclasses import dataclass

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.plan import LoopPlan
from ..loop_control.window_order import neighbours_before
from ..preflight.planning import planned_by
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .graph import FarmGraph, GraphRefusedError


@dataclass(frozen=True)
class SongWindows:
    """The windows of one song.

    Attributes:
        total: Of all stages.
        spread: Window of the stage that servers share -> the windows that are finished before it.
    """

    total: int
    spread: dict[int, tuple[int, ...]]


def windows_of(graph: FarmGraph, song: AudioFacts) -> SongWindows:
    """The windows that a workflow makes of a song.

    Args:
        graph: The workflow, with the song in it.
        song: The song's file.

    Raises:
        GraphRefusedError: Its numbers give no plan.
    """
    flow = Flow(dict(graph.prompt), Schemas.load())
    total, spread = 0, dict[int, tuple[int, ...]]()
    for node in flow.of_type("AudioLoopPlanner"):
        found = planned_by(flow, node, song)
        if found.plan is None:
            raise GraphRefusedError(f"{node} plans nothing: {found.error or found.unknown}")
        total += found.plan.iterations + 1
        if node.id == graph.planner:
            spread = _needs(found.plan)
    if not total:
        raise GraphRefusedError("this workflow has no Audio Loop Planner, so nothing says how many windows a song has")
    return SongWindows(total, spread)


def _needs(plan: LoopPlan) -> dict[int, tuple[int, ...]]:
    return {index: neighbours_before(plan.order, index, plan.iterations) for index in plan.sequence}
