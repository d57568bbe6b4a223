"""The changes that a schedule wants: windows that begin another scene, and windows in which the camera is to move."""

from __future__ import annotations

from ...loop_control.errors import PlanError
from ...prompting.wording import CAMERA_MOVE
from ...schedule.errors import ScheduleError
from ...schedule.parser import parse_schedule
from ...schedule.snapping import snap_to_plan
from ..case import Case


def prompts_of_windows(case: Case) -> tuple[str, ...]:
    """The prompt that each window was made with; empty if plan or schedule is not known, or the schedule does not read."""
    if case.plan is None or case.schedule is None:
        return ()
    try:
        report = snap_to_plan(parse_schedule(case.schedule), case.plan)
        return tuple(report.assignment(window).value for window in range(case.plan.iterations + 1))
    except (ScheduleError, PlanError):
        return ()


def wanted_scene_changes(case: Case) -> frozenset[int]:
    """Windows that begin with another prompt than the window before had."""
    prompts = prompts_of_windows(case)
    return frozenset(window for window in range(1, len(prompts)) if prompts[window] != prompts[window - 1])


def wanted_camera_moves(case: Case) -> frozenset[int]:
    """Windows whose prompt asks for a move of the camera."""
    return frozenset(window for window, prompt in enumerate(prompts_of_windows(case)) if CAMERA_MOVE.search(prompt))
