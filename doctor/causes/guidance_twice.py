"""Guidance is applied a second time to a model that has it."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="model",
    place=4,
    explains=("contrast_drift", "colour_drift", "sharpness_drift"),
    title="Guidance is applied to a distilled model, or distillation twice",
    mend="set cfg to 1",
)
def guidance_twice(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "cfg_value", "distilled_once", "distilled_levels")
    return Answer(clues) if clues else None
