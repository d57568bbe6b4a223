"""Frames were left out or shown twice when the video was saved."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence


@cause(
    layer="model",
    place=1,
    explains=("duplicated_frames", "missing_frames"),
    title="Frames were lost or doubled when the video was saved or converted",
    mend="save the run again without sampling: the workflow audio-loop_finish-from-checkpoint (Streaming Video Save), and give "
    "the file to no program that changes its frame rate",
)
def saved_unevenly(evidence: Evidence) -> Answer | None:
    """A count of frames that is not the plan's is evidence."""
    plan, frames = evidence.plan, len(evidence.case.video.frames)
    if plan is None or frames == plan.frames_delivered:
        return Answer()
    return Answer((Clue(f"The plan delivers {plan.frames_delivered} frames, the file has {frames}."),))
