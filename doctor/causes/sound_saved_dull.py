"""The video's sound lost what the song has."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence


@cause(
    layer="audio",
    place=1,
    explains=("dull_audio",),
    title="The sound lost its highs when the video was saved or converted: the song has them",
    mend="save the run again with the original song: the workflow audio-loop_finish-from-checkpoint; audio_kbps 0 keeps the "
    "song as it is",
)
def sound_saved_dull(evidence: Evidence) -> Answer | None:
    """The detector has compared both."""
    lost_db = evidence.fact("lost_db", "dull_audio")
    if lost_db is None:
        return None
    return Answer((Clue(f"The song has {lost_db:.0f} dB more there than the video; lips were made from the song."),))
