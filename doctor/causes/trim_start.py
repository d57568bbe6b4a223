"""The beginning of the song is cut off."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow
from ..evidence import Evidence

_NEAR_SECONDS = 0.1


@cause(
    layer="audio",
    place=1,
    explains=("audio_offset", "lip_sync"),
    title="The song is trimmed before it is used",
    mend="set start_index of Trim Audio Duration to 0",
)
def trim_start(evidence: Evidence) -> Answer | None:
    """Only if the workflow trims; if by as much as the sound is off, it says so."""
    clues = from_workflow(evidence, "audio_trim_default")
    if not clues:
        return None
    offset = evidence.fact("offset_seconds", "audio_offset")
    starts = [value for _, value in evidence.values_of({"TrimAudioDuration"}, "start_index") if isinstance(value, (int, float))]
    if offset is not None and any(abs(abs(offset) - start) <= _NEAR_SECONDS for start in starts):
        clues = (*clues, Clue(f"The sound is off by {abs(offset):.2f} s, which is that trim."))
    return Answer(clues)
