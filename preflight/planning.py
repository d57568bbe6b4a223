"""The plan of a graph, from the numbers that are written in it and the length of the song."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.errors import PlanError
from ..loop_control.index_sets import parse_windows
from ..loop_control.model_facts import LTX_23, LTX_25, ModelFacts
from ..loop_control.plan import LoopPlan, make_plan
from ..loop_control.seeds import parse_seed_overrides
from ..loop_control.window_order import IN_TURN
from ..workflow_graph.node_kinds import CONTROLLER, PLANNER
from ..workflow_graph.reading.flow import Flow, FlowNode
from ..workflow_graph.reading.values import is_ltx25_file

_TRIM, _LOADER = "TrimAudioDuration", "LoadAudio"


@dataclass(frozen=True)
class Planned:
    """A graph's plan, or why there is none.

    Attributes:
        plan: The plan; None if there is none.
        node: The node that plans; None if the graph has none.
        error: Why its numbers give no plan, in words; None if they do.
        unknown: Why nothing can be said, in words; None if there is a plan or an error.
    """

    plan: LoopPlan | None = None
    node: FlowNode | None = None
    error: str | None = None
    unknown: str | None = None


def planner_of(flow: Flow) -> FlowNode | None:
    """The node that plans: the planner, else the controller of older graphs, else none."""
    return next(iter([*flow.of_type(PLANNER), *flow.of_type(CONTROLLER)]), None)


def song_name(flow: Flow) -> str | None:
    """The name of the song's file as ComfyUI's Load Audio has it; None if something else makes the sound."""
    planner = planner_of(flow)
    way = list(_audio_way(flow, planner)) if planner is not None else []
    name = flow.value(way[-1], "audio") if way and way[-1].type == _LOADER else None
    return name if isinstance(name, str) else None


def planned(flow: Flow, song: AudioFacts | None) -> Planned:
    """The plan of a graph; of the first planner if it has several.

    Args:
        flow: The graph as it runs.
        song: The song's file; None if it is not known.
    """
    node = planner_of(flow)
    if node is None:
        return Planned(unknown="the graph has no node that plans windows; it takes them from a run on disk, or has no loop")
    return planned_by(flow, node, song)


def planned_by(flow: Flow, node: FlowNode, song: AudioFacts | None) -> Planned:
    """The plan of one planner.

    Args:
        flow: The graph as it runs.
        node: The planner, or the controller of an older graph.
        song: The song's file; None if it is not known.
    """
    if song is None:
        return Planned(node=node, unknown="the length of the song is not known")
    window, overlap, fps = (flow.number(node, name) for name in ("window_seconds", "overlap_seconds", "fps"))
    if window is None or overlap is None or fps is None:
        numbers = {"window_seconds": window, "overlap_seconds": overlap, "fps": fps}
        missing = [name for name, value in numbers.items() if value is None]
        return Planned(node=node, unknown=f"{' and '.join(missing)} of {node} come from nodes that have to run first")
    try:
        cut = _cut(flow, node, song)
        plan = make_plan(
            audio_samples=cut.samples,
            sample_rate=cut.sample_rate,
            window_seconds=window,
            overlap_seconds=overlap,
            fps=fps,
            base_seed=_whole(flow.number(node, "base_seed")),
            max_iterations=_whole(flow.number(node, "max_iterations")),
            last_window=_text(flow, node, "last_window", "full" if node.type == CONTROLLER else "fit"),
            seed_overrides=parse_seed_overrides(_text(flow, node, "seed_overrides", "")),
            order=_text(flow, node, "order", IN_TURN),
            only=parse_windows(_text(flow, node, "windows", "")),
            model=_model(flow, node),
        )
    except PlanError as error:
        return Planned(node=node, error=str(error))
    return Planned(plan, node)


def _cut(flow: Flow, planner: FlowNode, song: AudioFacts) -> AudioFacts:
    """The song as it arrives at the planner: what trims on the way leave of it."""
    samples = song.samples
    for node in reversed(list(_audio_way(flow, planner))):
        if node.type != _TRIM:
            continue
        start, duration = flow.number(node, "start_index") or 0, flow.number(node, "duration")
        first = round(Fraction(start) * song.sample_rate)
        first = max(0, min(samples, samples + first if start < 0 else first))
        left = samples - first
        samples = left if duration is None else min(left, round(Fraction(duration) * song.sample_rate))
    return replace(song, samples=samples)


def _audio_way(flow: Flow, planner: FlowNode) -> Iterator[FlowNode]:
    """The nodes that the song comes through, the planner's neighbour first."""
    seen: set[str] = set()
    node = flow.feeding(planner, "audio")
    while node is not None and node.id not in seen:
        seen.add(node.id)
        yield node
        node = flow.feeding(node, "audio")


def _model(flow: Flow, planner: FlowNode) -> ModelFacts:
    """The facts that the planner will get, as far as the name of the model's file says them."""
    asked = flow.feeding(planner, "model_facts")
    loaders = flow.upstream(asked, "model", kinds=("MODEL",)) if asked is not None else ()
    names = (flow.value(loader, name) for loader in loaders for name in ("unet_name", "ckpt_name"))
    return LTX_25 if any(isinstance(name, str) and is_ltx25_file(name) for name in names) else LTX_23


def _whole(number: int | float | None) -> int:
    return int(number or 0)


def _text(flow: Flow, node: FlowNode, name: str, default: str) -> Any:
    value = flow.value(node, name)
    return value if isinstance(value, str) else default
