"""One window was made from a mixture of two prompts."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow, retake_of
from ..evidence import Evidence


@cause(
    layer="schedule mixing",
    place=1,
    explains=("odd_window",),
    title="A window was made from two prompts at once",
    mend="set snap_boundaries to true and blend_seconds to 0",
)
def mixed_prompts(evidence: Evidence) -> Answer | None:
    """Possible unless the workflow is known to snap and not to blend."""
    clues = from_workflow(evidence, "snap_boundaries", "blend_seconds")
    if clues or evidence.flow is None:
        return Answer(clues, retake_of(evidence, "odd_window"))
    return None
