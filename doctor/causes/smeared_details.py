"""Details smear over the windows."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..evidence import Evidence


@cause(
    layer="model",
    place=6,
    explains=("sharpness_drift",),
    title="Details smear as windows are made from windows",
    mend="take the workflow audio-loop-music-video_latent_stg, which costs twice the sampling time",
)
def smeared_details(evidence: Evidence) -> Answer | None:
    """Not of a workflow that guides with skipped layers already."""
    return None if "LTXVSpatioTemporalGuidance" in evidence.node_types else Answer()
