"""The sound was saved faster or slower than the song."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..evidence import Evidence


@cause(
    layer="audio",
    place=1,
    explains=("audio_drift",),
    title="The sound runs faster or slower than the song: another program changed its rate or the video's",
    mend="save the run again with the original song: the workflow audio-loop_finish-from-checkpoint",
)
def sound_resampled(evidence: Evidence) -> Answer | None:  # noqa: ARG001  the symptom itself says it
    """Nothing in a workflow shows it."""
    return Answer()
