"""The sound was laid beside the pictures at the wrong moment."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..evidence import Evidence


@cause(
    layer="audio",
    place=2,
    explains=("audio_offset",),
    title="The sound was laid beside the pictures at the wrong moment",
    mend="save the run again, song and pictures from the same start: the workflow audio-loop_finish-from-checkpoint",
)
def sound_laid_late(evidence: Evidence) -> Answer | None:  # noqa: ARG001  the symptom itself says it
    """Nothing in a workflow shows it: cutting programs do it, and files that begin with silence."""
    return Answer()
