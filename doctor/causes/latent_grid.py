"""The model's own latents show."""

from __future__ import annotations

from ...loop_control.units import PIXELS_PER_LATENT
from ..cause_rule import Answer, Clue, cause
from ..evidence import Evidence
from .decoder_tiles import same_period


@cause(
    layer="model",
    place=8,
    explains=("decode_tile_pulse",),
    title="The rhythm is that of the model's own latents, which its decoder turns into eight frames each",
    mend="no setting of a workflow is known to change it; if another seed has it too, it is the model's",
)
def latent_grid(evidence: Evidence) -> Answer | None:
    """At a period of one latent, unless tiles of that length were decoded."""
    period = evidence.fact("period_px", "decode_tile_pulse")
    if period is None or round(period) != PIXELS_PER_LATENT or same_period(evidence, period):
        return None
    return Answer((Clue(f"A latent is {PIXELS_PER_LATENT} frames long: the period seen."),))
