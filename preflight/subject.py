"""A graph together with its song and the machine: what rules of the check ask beyond those of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..checkpoints.service.disk_room import window_bytes
from ..cost.recipe import Recipe, Sampling
from ..loop_control.audio_facts import AudioFacts
from ..loop_control.plan import LoopPlan
from ..loop_control.units import SPATIAL_STEP_PX
from ..schedule.errors import ScheduleError
from ..schedule.parser import parse_schedule
from ..schedule.snapping import SnapReport, snap_to_plan
from ..workflow_graph.audit.subject import Subject
from ..workflow_graph.document import Document
from ..workflow_graph.node_kinds import PLANNER, SCHEDULES
from ..workflow_graph.reading.flow import FlowNode
from ..workflow_graph.reading.schedules import read_schedules
from .cost import Cost
from .machine import Machine
from .measured import TOKEN_BYTES
from .model_file import known_weights
from .on_disk import KEEPS, asked_windows
from .planning import Planned, planned, planned_by, planner_of
from .sampled import sampled
from .values import GivenValues

LATENT_CHANNELS = 128
_EMPTY = ("EmptyLTXVLatentVideo", "LoopCanvas")
"""Nodes that say the size of a first stage."""
_BYTES_PER_VALUE = 4
"""Latents are sampled and kept as float32."""


class PlannedSubject(Subject):
    """A graph before its render.

    Args:
        document: A UI document, or an API prompt; unchanged.
        song: The song's file; None if it is not known.
        machine: What is known of the machine.
        plan: The plan, if a node has made it already.
        given: Values that a node of the check was given; None if there is none.

    Raises:
        DocumentError: It is neither.
    """

    def __init__(
        self,
        document: Document,
        song: AudioFacts | None,
        machine: Machine,
        plan: LoopPlan | None,
        given: GivenValues | None,
    ) -> None:
        super().__init__(document)
        self.given = given
        self.song = song
        self.machine = machine
        self._plan = plan

    @cached_property
    def planned(self) -> Planned:
        """The plan, or why there is none."""
        if self._plan is not None:
            return Planned(self._plan)
        if self.obstacle is not None:
            return Planned(unknown="data cannot be followed in this graph")
        return planned(self.flow, self.song)

    @cached_property
    def planned_beside(self) -> tuple[Planned, ...]:
        """Plans of the graph's other planners, such as that of a second stage, or why there is none."""
        if self.obstacle is not None:
            return ()
        first = planner_of(self.flow)
        return tuple(planned_by(self.flow, node, self.song) for node in self.flow.of_type(PLANNER) if node is not first)

    @cached_property
    def snapped(self) -> tuple[tuple[FlowNode, SnapReport[str]], ...]:
        """Each schedule that can be read, on the windows of the plan, with the node that it is written in."""
        found: list[tuple[FlowNode, SnapReport[str]]] = []
        for node, report in self._snapped():
            # Several nodes may read one text by the same rule.
            if not any(node is other and report.grid == seen.grid for other, seen in found):
                found.append((node, report))
        return tuple(found)

    def _snapped(self) -> Iterator[tuple[FlowNode, SnapReport[str]]]:
        plan = self.planned.plan
        if plan is None or self.obstacle is not None:
            return
        for schedule in read_schedules(self.flow):
            snap = self.flow.value(schedule.reader, "snap_boundaries") is not False
            older = self.flow.value(schedule.reader, "snap_to") == "window_start"
            try:
                parsed = parse_schedule(schedule.text)
            except ScheduleError:
                continue
            yield schedule.writer, snap_to_plan(parsed, plan, snap=snap, snap_to="window_start" if older else "visible")

    @cached_property
    def size_px(self) -> tuple[int, int] | None:
        """Width and height of the first window's video; None if the graph does not say them in numbers."""
        if self.obstacle is not None:
            return None
        for node in [each for kind in _EMPTY for each in self.flow.of_type(kind)]:
            width, height = self.flow.number(node, "width"), self.flow.number(node, "height")
            if isinstance(width, int) and isinstance(height, int):
                return width, height
        return None

    @cached_property
    def recipe(self) -> Recipe | None:
        """The windows that are going to be sampled, and how; None if the graph does not say it."""
        if self.obstacle is not None:
            return None
        return sampled(self.flow, self.song, self.planned.plan, self.on_disk or frozenset()).recipe

    @cached_property
    def cost(self) -> Cost | None:
        """The cost of what is going to be sampled; None if the graph does not say what that is."""
        if self.recipe is None:
            return None
        known = known_weights(self.flow, self.machine.model_file)
        return Cost(self.recipe, known.weights, known.told, self.machine.card, self.machine.made)

    @property
    def latent_frame_bytes(self) -> int | None:
        """Bytes of one latent frame of the video; None if its size is not known."""
        if self.size_px is None:
            return None
        width, height = (side // SPATIAL_STEP_PX for side in self.size_px)
        return LATENT_CHANNELS * width * height * _BYTES_PER_VALUE

    @cached_property
    def needed_bytes(self) -> int | None:
        """Bytes that the windows to be made take on disk, at most; 0 if none is kept, None if that is not known."""
        plan, frame_bytes = self.planned.plan, self.latent_frame_bytes
        if plan is None or frame_bytes is None:
            return None
        if not self._is_kept:
            return 0
        if self.recipe is not None:
            return sum(_kept_bytes(sampling) for sampling in self.recipe.samplings)
        there = self.on_disk or frozenset()
        return sum(window_bytes(plan, index, frame_bytes) for index in plan.sequence if index not in there)

    @property
    def _is_kept(self) -> bool:
        return any(self.flow.value(node, "enabled") is not False for node in self.flow.of_type(KEEPS))

    @cached_property
    def on_disk(self) -> frozenset[int] | None:
        """Windows that the render is going to take from disk; None if that cannot be told."""
        plan, size, ask = self.planned.plan, self.size_px, self.machine.on_disk
        if plan is None or size is None or ask is None or len(self.snapped) != 1 or not self._is_kept:
            return None
        if any(self.flow.number(node, "blend_seconds") for node in self.flow.of_type(SCHEDULES)):
            # A window of two prompts says so in words of its own.
            return None
        latent_size = size[1] // SPATIAL_STEP_PX, size[0] // SPATIAL_STEP_PX
        asked = asked_windows(self.flow, plan, latent_size, self.snapped[0][1])
        return frozenset[int]().union(*(ask(node_id, windows) for node_id, windows in asked))


def _kept_bytes(sampling: Sampling) -> int:
    frame_bytes = sampling.stage.tokens_per_latent * TOKEN_BYTES
    return sum(window_bytes(sampling.plan, index, frame_bytes) for index in sampling.windows)
