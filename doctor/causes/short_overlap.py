"""Windows see little of the one before."""

from __future__ import annotations

from ...loop_control.rates import seconds_text
from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow, retake_of
from ..evidence import Evidence

_ENOUGH_SECONDS = 3
"""The troubleshooting guide: 3 s if the joins show."""


@cause(
    layer="cuts",
    explains=("visible_cut", "identity_drift"),
    title="A window sees too little of the one before",
    mend="set overlap_seconds to 3 (4 if joins still show)",
)
def short_overlap(evidence: Evidence) -> Answer | None:
    """More of the last window is carried over, for more windows a song."""
    retake = retake_of(evidence, "visible_cut")
    clues = from_workflow(evidence, "overlap_range")
    if evidence.plan is None:
        return Answer(clues, retake)
    overlap = evidence.plan.overlap
    if overlap < _ENOUGH_SECONDS:
        told = f"Windows share {seconds_text(overlap)}; {_ENOUGH_SECONDS} s is advised if joins show."
        return Answer((*clues, Clue(told)), retake)
    return Answer(clues, retake) if clues else None
