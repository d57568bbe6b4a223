"""The picture jumps where the prompt changes."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence
from ..sections import sections_seen

_NEAR_SECONDS = 0.5


@cause(
    layer="schedule mixing",
    place=2,
    explains=("visible_cut", "odd_window"),
    title="The prompt changes so much there that the picture jumps",
    mend="write the new prompt closer to the last one: same subject, framing and light; or set blend_seconds to one stride",
)
def prompt_jump(evidence: Evidence) -> Answer | None:
    """Only if the places that are seen are those where prompts change."""
    symptom = evidence.symptom("visible_cut", "odd_window")
    if symptom is None or evidence.plan is None:
        return None
    changes = [each.start_seconds for each in sections_seen(evidence.case)[1:]]
    starts = [each.start_seconds for each in symptom.stretches]
    there = [start for start in starts if any(abs(start - change) <= _NEAR_SECONDS for change in changes)]
    # Chance alone puts some cuts on changes: most of them have to be, and not every cut may be a change.
    cuts = max(len(evidence.case.cuts_px), 1)
    if len(there) <= len(starts) / 2 or len(changes) >= cuts:
        return None
    return Answer((Clue(f"{len(there)} of {len(starts)} places lie where the prompt changes."),))
