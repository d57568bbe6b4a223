"""The patch that the negative prompt works through is lost after the first window."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="model",
    place=3,
    explains=("identity_drift", "style_drift", "odd_window"),
    title="The negative prompt stops working after the first window",
    mend="python scripts/apply_batch_encode_fix.py FILE",
)
def stale_guidance(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "text_encoder_outside_loop", "nag_reaches_loop")
    return Answer(clues) if clues else None
