"""The sampler adds noise in every step."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="model",
    place=2,
    explains=("identity_drift", "style_drift"),
    title="The sampler adds noise in every step, which adds up from window to window",
    mend="set sampler_name to euler",
)
def noisy_sampler(evidence: Evidence) -> Answer | None:
    """Possible unless the workflow is known to take another."""
    clues = from_workflow(evidence, "sampler_type")
    return Answer(clues) if clues or evidence.flow is None else None
