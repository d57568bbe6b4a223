"""The sampling of one window went wrong by chance."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import RETAKE_WORKFLOW, retake_of, retake_words
from ..evidence import Evidence


@cause(
    layer="model",
    place=7,
    explains=("odd_window", "frozen_window", "black_window"),
    title="The sampling of that window went wrong by chance",
    mend=f"the workflow {RETAKE_WORKFLOW} with another seed",
)
def chance(evidence: Evidence) -> Answer | None:
    """The rest is kept; what comes out shows whether it was chance."""
    retake = retake_of(evidence, "odd_window", "frozen_window", "black_window")
    return Answer(retake=retake, mend=retake_words(retake))
