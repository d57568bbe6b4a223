"""Windows are cut off at their joins, not faded."""

from __future__ import annotations

from ..cause_rule import Answer, Clue, cause
from ..clues import retake_of
from ..evidence import Evidence

_FADES = frozenset({"LatentOverlapCrossfade", "LoopWindowToCanvas"})


@cause(
    layer="cuts",
    place=2,
    explains=("visible_cut",),
    title="Windows meet without a fade",
    mend="take the workflow audio-loop-music-video_latent_crossfade",
)
def hard_joins(evidence: Evidence) -> Answer | None:
    """Not of a workflow that fades."""
    if evidence.node_types & _FADES:
        return None
    is_known = "LatentOverlapTrim" in evidence.node_types
    clue = Clue("Workflow: Latent Overlap Trim cuts the shared frames off; nothing fades them.")
    return Answer((clue,) if is_known else (), retake_of(evidence, "visible_cut"))
