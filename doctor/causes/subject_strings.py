"""The subject is called differently in some prompts."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_schedule, from_workflow
from ..evidence import Evidence


@cause(
    layer="prompt",
    place=1,
    explains=("identity_drift", "visible_cut", "lip_sync"),
    title="The prompts do not call the subject by the same words",
    mend="copy the subject's words of the first entry into every other; python scripts/check_schedule.py SCHEDULE --audio SONG "
    "names the lines",
)
def subject_strings(evidence: Evidence) -> Answer | None:
    """Other words are another person to the text encoder."""
    clues = from_workflow(evidence, "prompt_byte_exact") or from_schedule(evidence, 3)
    if clues:
        return Answer(clues)
    is_known = evidence.case.schedule is not None
    return None if is_known or evidence.symptom("identity_drift") is None else Answer()
