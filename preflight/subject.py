"""A graph together with its song and the machine: what rules of the check ask beyond those of the audit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..checkpoints.service.disk_room import bytes_to_keep
from ..loop_control.audio_facts import AudioFacts
from ..loop_control.plan import LoopPlan
from ..loop_control.units import SPATIAL_STEP_PX
from ..schedule.errors import ScheduleError
from ..schedule.parser import parse_schedule
from ..schedule.snapping import SnapReport, snap_to_plan
from ..workflow_graph.audit.subject import Subject
from ..workflow_graph.document import Document
from ..workflow_graph.reading.flow import FlowNode
from ..workflow_graph.reading.schedules import read_schedules
from .machine import Machine
from .planning import Planned, planned
from .values import GivenValues

_KEEPS = "IterationCheckpoint"
LATENT_CHANNELS = 128
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
        for node in self.flow.of_type("EmptyLTXVLatentVideo"):
            width, height = self.flow.number(node, "width"), self.flow.number(node, "height")
            if isinstance(width, int) and isinstance(height, int):
                return width, height
        return None

    @property
    def latent_frame_bytes(self) -> int | None:
        """Bytes of one latent frame of the video; None if its size is not known."""
        if self.size_px is None:
            return None
        width, height = (side // SPATIAL_STEP_PX for side in self.size_px)
        return LATENT_CHANNELS * width * height * _BYTES_PER_VALUE

    @cached_property
    def needed_bytes(self) -> int | None:
        """Bytes that the windows of a whole render take on disk, at most; 0 if none is kept, None if that is not known."""
        plan, frame_bytes = self.planned.plan, self.latent_frame_bytes
        if plan is None or frame_bytes is None:
            return None
        if all(self.flow.value(node, "enabled") is False for node in self.flow.of_type(_KEEPS)):
            return 0
        return bytes_to_keep(plan, 0, frame_bytes)
