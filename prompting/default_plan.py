"""The windows of a song, if nobody planned any."""

from __future__ import annotations

from ..loop_control.plan import LoopPlan, make_plan

WINDOW_SECONDS, OVERLAP_SECONDS, FPS = "19.88", "2.0", "25"
"""Defaults of the planner."""

DEFAULTS_HOLD = f"No plan is wired: windows of {WINDOW_SECONDS} s, overlap {OVERLAP_SECONDS} s, {FPS} frames per second."


def default_plan(audio_samples: int, sample_rate: int) -> LoopPlan:
    """The plan of a song with the planner's defaults.

    Raises:
        PlanError: The song is too short.
    """
    return make_plan(
        audio_samples=audio_samples,
        sample_rate=sample_rate,
        window_seconds=WINDOW_SECONDS,
        overlap_seconds=OVERLAP_SECONDS,
        fps=FPS,
    )
