"""From seconds to windows: which entry each window takes, and when that becomes visible.

One prompt holds for a whole window, so an entry cannot begin between two. What a window adds is seen from one effective
overlap behind its window's start, since the window's head repeats the one before: that visible time is what counts. With
snapping, an entry's start and end go to the window whose visible time is nearest, half-way up; without, each window
takes what the schedule says at its visible time. The older rule, `snap_to="window_start"`, compares with the windows'
starts instead; it is also in force if the overlap is unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from ..loop_control.plan import LoopPlan
from ..loop_control.rates import read_number, seconds_text
from ..loop_control.window_order import IN_TURN
from .errors import ScheduleError
from .parser import Schedule, Value
from .snap_report import SnapReport, SnapRow
from .window_grid import SnapTo, WindowGrid

__all__ = ["Seconds", "SnapReport", "SnapRow", "SnapTo", "checked_stride", "snap_schedule", "snap_to_plan"]

Seconds = int | float | str | Fraction

# Strides come from nodes as floats; two figures for one length may differ by their last digits.
SAME_SECONDS = Fraction(1, 1000)

OVERLAP_UNKNOWN = (
    "the overlap is not known here, so times are compared with where windows start, one overlap before their frames are "
    "seen: wire the plan (or overlap_seconds, if there is such an input)."
)


def snap_schedule(
    schedule: Schedule[Value],
    stride: Seconds,
    *,
    iterations: int | None = None,
    window: Seconds | None = None,
    overlap: Seconds | None = None,
    end: Seconds | None = None,
    snap: bool = True,
    snap_to: SnapTo = "visible",
    anchor_overlap: Fraction | None = None,
) -> SnapReport[Value]:
    """Puts a schedule on the grid of windows.

    Args:
        schedule: From `parse_schedule`.
        stride: Seconds between the starts of two windows.
        iterations: Number of the last window, if it is known: entries behind it are reported.
        window: Length of a window in seconds; gives the overlap.
        overlap: Effective overlap in seconds; gives the time at which a choice becomes visible.
        end: Second at which the video ends; by default the end of the last window, if that is known.
        snap: False leaves every time where it is; see the module.
        snap_to: What times are compared with; see the module.
        anchor_overlap: As in `WindowGrid`.

    Raises:
        ScheduleError: The stride is not above 0, window, overlap and stride contradict each other, or `snap_to` is none.
        PlanError: A value is not a number.
    """
    step = checked_stride(stride)
    if snap_to not in get_args(SnapTo):
        raise ScheduleError(f"cannot be snapped to {snap_to!r}; snap_to is 'visible' or 'window_start'")
    shared = None if overlap is None else read_number(overlap, "overlap_seconds")
    if window is not None:
        from_window = read_number(window, "window_seconds") - step
        if shared is not None and abs(from_window - shared) > SAME_SECONDS:
            raise ScheduleError(
                f"cannot be placed: a window of {window} s and a stride of {stride} s share "
                f"{seconds_text(from_window)}, but the overlap given is {overlap} s; give one of the two"
            )
        shared = from_window
    if shared is not None and shared < 0:
        raise ScheduleError(f"cannot be placed: the overlap is {seconds_text(shared)}, and windows must not leave gaps")
    if end is None and iterations is not None and shared is not None:
        video_end: Fraction | None = (iterations + 1) * step + shared
    else:
        video_end = None if end is None else read_number(end, "end")
    in_force: SnapTo = "window_start" if shared is None else snap_to
    remarks = (OVERLAP_UNKNOWN,) if in_force != snap_to else ()
    return SnapReport(schedule, WindowGrid(step, iterations, shared, video_end, snap, in_force, anchor_overlap), remarks)


def checked_stride(stride: Seconds) -> Fraction:
    """The stride as an exact number of seconds.

    Raises:
        ScheduleError: It is not above 0.
        PlanError: It is not a number.
    """
    step = read_number(stride, "stride_seconds")
    if step <= 0:
        raise ScheduleError(f"cannot be snapped to a stride of {stride} s; the stride is above 0, such as 17.92")
    return step


def snap_to_plan(
    schedule: Schedule[Value], plan: LoopPlan, *, snap: bool = True, snap_to: SnapTo = "visible"
) -> SnapReport[Value]:
    """Puts a schedule on the grid of `plan`, with all that the plan knows."""
    return snap_schedule(
        schedule,
        plan.stride,
        iterations=plan.iterations,
        overlap=plan.overlap,
        end=min(plan.duration, plan.made),
        snap=snap,
        snap_to=snap_to,
        anchor_overlap=None if plan.order == IN_TURN else plan.anchor_overlap_px / plan.fps,
    )
