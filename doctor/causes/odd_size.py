"""The video's size is none that the model knows."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="model",
    place=5,
    explains=("sharpness_drift", "style_drift", "identity_drift", "odd_window"),
    title="Width or height is no multiple of what the model works in",
    mend="set width and height to multiples of 64; python scripts/validate_workflow_resolution.py FILE names the nearest",
)
def odd_size(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "resolution")
    return Answer(clues) if clues else None
