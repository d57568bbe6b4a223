"""The prompts name no motion that can be seen."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_wording
from ..evidence import Evidence


@cause(
    layer="prompt",
    place=4,
    explains=("lip_sync", "frozen_window", "frozen_start"),
    title="The prompts name no motion that can be seen",
    mend='write what is to be seen: "is singing", "is dancing", "is telling a joke"; not "is performing" or "is speaking"',
)
def vague_verbs(evidence: Evidence) -> Answer | None:
    """Needs a prompt that says so: most prompts have a verb."""
    clues = from_wording(evidence, "a vague verb", 4)
    return Answer(clues) if clues else None
