"""Seconds became frames at one rate and seconds again at another."""

from __future__ import annotations

from ...loop_control.rates import fps_text
from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="audio",
    place=1,
    explains=("audio_drift", "lip_sync", "duplicated_frames", "missing_frames"),
    title="The video was planned with one frame rate and saved with another",
    mend="wire fps of Streaming Video Save to that of the planner, then save again with the workflow "
    "audio-loop_finish-from-checkpoint",
)
def two_frame_rates(evidence: Evidence) -> Answer | None:
    """The plan or the workflow has to show it."""
    clues = [*from_workflow(evidence, "fps_coherence")]
    plan, video = evidence.plan, evidence.case.video
    if plan is not None and abs(float(plan.fps) - float(video.fps)) > 0.01:
        clues.append(
            Clue(f"The plan counts with {fps_text(plan.fps)} frames per second, the video shows {fps_text(video.fps)}.")
        )
    return Answer(tuple(clues)) if clues else None
