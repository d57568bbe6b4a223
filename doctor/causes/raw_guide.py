"""The loop is guided by another picture than the one that the video begins with."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="cuts",
    place=3,
    explains=("identity_drift", "style_drift", "visible_cut"),
    title="The loop's guide is not prepared as the start picture is",
    mend="python scripts/apply_loop_guide_preprocess_symmetry.py FILE",
)
def raw_guide(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "preprocess_symmetry")
    return Answer(clues) if clues else None
