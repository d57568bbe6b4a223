"""Guides stay in the latent or in the conditioning."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_workflow
from ..evidence import Evidence


@cause(
    layer="cuts",
    place=4,
    explains=("visible_cut", "identity_drift", "odd_window", "frozen_window"),
    title="Guides are not taken out again after a window is sampled",
    mend="lead the sampled latent through LTXVCropGuides; if the conditioning is cropped before it, "
    "python scripts/apply_loop_cropguides_symmetry.py --revert FILE",
)
def guides_not_cropped(evidence: Evidence) -> Answer | None:
    """Only if the workflow shows it."""
    clues = from_workflow(evidence, "loop_cropguides_symmetry", "guide_positions_reach_sampler")
    return Answer(clues) if clues else None
