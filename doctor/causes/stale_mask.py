"""The mask of the last window lies on the next."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="audio",
    place=3,
    explains=("lip_sync", "audio_offset"),
    title="The noise mask of the last window frees sound that must stay",
    mend="put Latent Context Extract behind the loop's previous value",
)
def stale_mask(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "noise_mask_hygiene")
    return Answer(clues) if clues else None
