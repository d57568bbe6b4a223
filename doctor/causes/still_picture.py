"""The start picture is so clean that the model takes it for a still."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="model",
    place=1,
    explains=("frozen_start",),
    title="The start picture has no traces of compression, so the model takes it for a still",
    mend="set img_compression of LTXV Preprocess to 18 (35 if it still holds)",
)
def still_picture(evidence: Evidence) -> Answer | None:
    """Possible unless the workflow is known to prepare the picture."""
    clues = from_workflow(evidence, "preprocess_compression")
    if clues or evidence.flow is None:
        return Answer(clues)
    return Answer(remarks=("This workflow prepares the picture; a higher img_compression, such as 35, loosens it further.",))
