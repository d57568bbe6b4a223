"""Each window begins with the end of the last, and what differs adds up."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence

_HOLDS = frozenset({"LatentStatisticsMatch", "PerStepStatisticsMatch"})


@cause(
    layer="cuts",
    place=5,
    explains=("colour_drift", "contrast_drift", "sharpness_drift", "identity_drift", "style_drift"),
    title="Small differences add up from window to window",
    mend="take the workflow audio-loop-music-video_latent_reanchor (face, clothes, style), or audio-loop-music-video_image "
    "(colours, contrast)",
)
def drift_adds_up(evidence: Evidence) -> Answer | None:
    """Of a workflow that is known and matches nothing, that is evidence."""
    if evidence.node_types & _HOLDS:
        return Answer(remarks=("This workflow matches each window's statistics; raise factor of that node.",))
    tone = evidence.symptom("colour_drift", "contrast_drift")
    if evidence.flow is not None and evidence.plan is not None and evidence.plan.iterations > 1 and tone is not None:
        return Answer((Clue("Workflow: nothing matches the colours of a window to those of the picture or the last window."),))
    return Answer()
