"""The windows of a loop as the nodes of a schedule are told of them: by the plan, or by stride and length of the song."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..loop_control.plan import LoopPlan
from ..loop_control.rates import read_number
from .errors import ScheduleError
from .parser import Schedule, Value
from .snapping import Seconds, SnapReport, SnapTo, checked_stride, snap_schedule, snap_to_plan


@dataclass(frozen=True)
class LoopWindows:
    """Where windows lie and how many there are.

    Attributes:
        plan: Says all of it, if there is one; the others are then not used.
        stride_seconds: From one window's start to the next.
        audio_duration: Length of the song in seconds; only `count` asks for it.
        overlap_seconds: Effective overlap, None if it is not known.
    """

    plan: LoopPlan | None = None
    stride_seconds: Seconds = 0
    audio_duration: Seconds = 0
    overlap_seconds: Seconds | None = None

    @property
    def count(self) -> int:
        """Number of windows, that of the initial render included; without a plan, as many as start within the song.

        Raises:
            PlanError: A value is not a number.
            ScheduleError: Stride or duration is not above 0.
        """
        if self.plan is not None:
            return self.plan.iterations + 1
        stride, duration = checked_stride(self.stride_seconds), read_number(self.audio_duration, "audio_duration")
        if duration <= 0:
            raise ScheduleError(f"cannot be spread over {self.audio_duration} s of audio; wire the planner's audio_duration")
        return math.ceil(duration / stride)

    def snap(self, schedule: Schedule[Value], *, snap: bool = True, snap_to: SnapTo = "visible") -> SnapReport[Value]:
        """Puts a schedule on these windows; see `snapping`."""
        if self.plan is not None:
            return snap_to_plan(schedule, self.plan, snap=snap, snap_to=snap_to)
        return snap_schedule(schedule, self.stride_seconds, overlap=self.overlap_seconds, snap=snap, snap_to=snap_to)
