"""A guide that was appended to the latent is taken off after sampling, on the loop's side as on the initial render's."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import CROPS_CONDITIONING, CROPS_LATENT, GUIDES, LOOP_CLOSES
from ...reading.flow import FlowNode
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

_KEEPS = LOOP_CLOSES | {"LatentConcat", "StreamingVideoSave", "VAEDecode", "VAEDecodeTiled", "IterationCheckpoint"}
"""Where a latent becomes part of the video."""


@rule(
    severity=ERR,
    summary="appended guides are cropped from the sampled latent, and both sides treat their conditioning alike",
    seen="a flash of the start picture at the end of every window",
    why="a guide is an extra frame of the latent; what is not cropped is decoded",
    mend="lead the sampled latent through LTXVCropGuides, with positive and negative of the guide node",
)
def loop_cropguides_symmetry(subject: Subject) -> Iterator[Finding]:
    """Follows each sampled latent to where it is kept, and compares how the two sides treat their conditioning."""
    flow, parts = subject.flow, subject.parts
    for sampler in parts.samplers:
        if not parts.appended_guides(sampler):
            continue
        after = flow.downstream(sampler, kinds=("LATENT",), without=CROPS_LATENT)
        kept = next((node for node in after if node.type in _KEEPS), None)
        if kept is not None:
            yield Finding(sampler, f"its latent reaches {kept} with the guide still appended")
        reached = {n.id for n in flow.downstream(sampler, kinds=("LATENT",))}
        for crop in flow.of_type(CROPS_LATENT):
            if crop.id not in reached or crop.id in {n.id for n in after}:
                continue
            behind = flow.upstream(crop, "positive", kinds=("CONDITIONING",), without=CROPS_CONDITIONING)
            if not any(node.type in GUIDES for node in behind):
                yield Finding(
                    crop, "its conditioning holds no guide positions, so it crops nothing and the guide stays appended"
                )
    yield from _compared(subject)


def _compared(subject: Subject) -> Iterator[Finding]:
    parts = subject.parts
    initial = {_crop(subject, sampler) is not None for sampler in parts.initial_samplers}
    for sampler in parts.loop_samplers:
        crop = _crop(subject, sampler)
        if len(initial) == 1 and (crop is not None) not in initial:
            side = "the loop's" if crop is not None else "the initial render's"
            yield Finding(
                crop or sampler,
                f"only {side} conditioning loses its guide positions before sampling",
                severity=WARN,
                seen="windows that slow down and stop at the start picture at their ends",
                why="see the rule guide_positions_reach_sampler; the initial render does not crop before its guider either",
                mend="python scripts/apply_loop_cropguides_symmetry.py --revert FILE",
                by_hand="wire the guider to the conditioning of the node that adds the guide, and crop after sampling",
            )


def _crop(subject: Subject, sampler: FlowNode) -> FlowNode | None:
    guider = subject.parts.guider(sampler)
    found = subject.flow.upstream(guider, "positive", kinds=("CONDITIONING",))
    return next((node for node in found if node.type in CROPS_CONDITIONING), None)
