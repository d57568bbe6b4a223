"""The decoder works in tiles of time."""

from __future__ import annotations

from ...loop_control.units import PIXELS_PER_LATENT
from ..cause_rule import Answer, Clue, cause
from ..clues import from_workflow
from ..evidence import Evidence
from ..tile_values import TILED, advance_frames, explaining_values, values_for_stride


@cause(
    layer="decoder tiles",
    place=1,
    explains=("decode_tile_pulse",),
    title="The decoder works in tiles of time, and their borders show",
    mend="python scripts/apply_ltx_decoder.py FILE; or save with Streaming Video Save, which has no such tiles",
)
def decoder_tiles(evidence: Evidence) -> Answer | None:
    """The period says which values of the widgets it was."""
    period = evidence.fact("period_px", "decode_tile_pulse")
    clues, remarks = from_workflow(evidence, "decoder"), []
    if period is not None and round(period) == PIXELS_PER_LATENT and not same_period(evidence, period):
        return None  # see latent_grid
    if period is not None:
        clues = (*same_period(evidence, period), *clues)
        explaining = explaining_values(round(period))
        if explaining:
            told = ", ".join(f"{size}/{overlap}" for size, overlap in explaining)
            remarks.append(f"temporal_size/temporal_overlap that give a border every {round(period)} frames: {told}.")
        else:
            remarks.append(f"No values of VAE Decode (Tiled) give a border every {round(period)} frames: they step by 8.")
    if evidence.plan is not None:
        size, overlap = values_for_stride(evidence.plan.stride_px)
        remarks.append(
            f"Who stays with VAE Decode (Tiled): temporal_size {size}, temporal_overlap {overlap} put its borders where "
            f"windows join (every {evidence.plan.stride_px} frames)."
        )
    if evidence.flow is not None and not evidence.node_types & TILED:
        remarks.append("This workflow has no decoder with such tiles; perhaps another one made the video.")
    return Answer(clues, remarks=tuple(remarks))


def same_period(evidence: Evidence, period: float) -> tuple[Clue, ...]:
    """Decoders of the workflow whose tiles have that period, in frames."""
    flow = evidence.flow
    if flow is None:
        return ()
    found = []
    for node in flow.of_type("VAEDecodeTiled"):
        size, overlap = flow.number(node, "temporal_size"), flow.number(node, "temporal_overlap")
        if size is None or overlap is None:
            continue
        advance = advance_frames(int(size), int(overlap))
        if abs(advance - period) <= 1:
            told = (
                f"temporal_size {size:g} and temporal_overlap {overlap:g} put a border every {advance} frames: the period seen."
            )
            found.append(Clue(told, str(node)))
    return tuple(found)
