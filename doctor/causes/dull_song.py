"""The song lacks what the model makes consonants of."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="audio",
    place=4,
    explains=("dull_audio", "lip_sync"),
    title="The sound is dull: the model hears no consonants in it",
    mend="python scripts/preprocess_audio_for_ltx.py SONG prepared.wav, and render with prepared.wav",
)
def dull_song(evidence: Evidence) -> Answer | None:
    """A dull sound that was measured is evidence for lips that are off."""
    clues = tuple(Clue(clue.words, clue.where) for clue in from_workflow(evidence, "song_sound"))
    dull = evidence.symptom("dull_audio")
    if dull is not None and evidence.fact("lost_db", "dull_audio") is not None:
        # The song itself is not dull; see `sound_saved_dull`.
        return None
    if dull is not None:
        return Answer((Clue(dull.words), *clues))
    was_measured = evidence.case.video.has_sound or evidence.case.song is not None
    return Answer(clues) if clues or not was_measured else None
