"""The face is too small."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_wording
from ..evidence import Evidence


@cause(
    layer="prompt",
    place=2,
    explains=("lip_sync", "identity_drift"),
    title="The framing is so wide that a face has too few pixels",
    mend='write "medium close-up" into every prompt',
)
def wide_framing(evidence: Evidence) -> Answer | None:
    """A face of 1 % of the picture leaves some 80 pixels of mouth (troubleshooting guide)."""
    clues = from_wording(evidence, "a wide framing", 7)
    if clues or evidence.case.schedule is None:
        return Answer(clues)
    return None
