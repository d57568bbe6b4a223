"""Windows advance by a time that is no whole number of latents."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="audio",
    place=2,
    explains=("audio_drift",),
    title="Sound and pictures advance by different steps from window to window",
    mend="python scripts/workflow.py migrate FILE, then render again; the planner's stride is a whole number of latents",
)
def stride_not_whole(evidence: Evidence) -> Answer | None:
    """Not of a workflow whose windows come from the planner: it cannot drift."""
    clues = from_workflow(evidence, "planner_no_stride_input", "outdated_sockets", "overlap_single_source")
    return None if evidence.plan is not None and not clues else Answer(clues)
