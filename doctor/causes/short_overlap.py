"""Windows see little of the one before."""

from __future__ import annotations

from ...loop_control.rates import seconds_text
from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow, retake_of
from ..evidence import Evidence

_ENOUGH_SECONDS, _USUAL_SECONDS = 3, 1.9
"""The troubleshooting guide: 2 s (which the grid makes 1.96) are usual, 3 s help if the joins show; 1 s is too little for a
face."""


@cause(
    layer="cuts",
    place=1,
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
    least = _USUAL_SECONDS if evidence.symptom("visible_cut") is None else _ENOUGH_SECONDS
    if overlap < least:
        told = f"Windows share {seconds_text(overlap)}; {_ENOUGH_SECONDS} s are advised if joins show or a face drifts."
        return Answer((*clues, Clue(told)), retake)
    return Answer(clues, retake) if clues or overlap < _ENOUGH_SECONDS else None
