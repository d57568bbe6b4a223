"""If a latent carries a guide, the conditioning that it is sampled with says where the guide belongs."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import CONDITIONINGS, CROPS_CONDITIONING
from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="the conditioning keeps the positions of appended guides until sampling is done",
    seen="every window slows down and ends on the start picture; less motion than the prompt asks for",
    why=(
        "a guide is appended to the latent, and only keyframe_idxs in the conditioning says that it belongs before the "
        "window; without it the model sees the picture as an ordinary frame right after the window"
    ),
    mend="python scripts/apply_loop_cropguides_symmetry.py --revert FILE",
    by_hand="wire the guider to the conditioning of the node that adds the guide, and crop after sampling",
)
def guide_positions_reach_sampler(subject: Subject) -> Iterator[Finding]:
    """Compares the guides that a sampler's latent went through with those its conditioning went through."""
    flow, parts = subject.flow, subject.parts
    for sampler in parts.samplers:
        guider = parts.guider(sampler)
        for guide in parts.appended_guides(sampler):
            for name in CONDITIONINGS:
                if name not in {key for key, _ in guider.sources()}:
                    continue
                told = flow.upstream(guider, name, kinds=("CONDITIONING",), without=CROPS_CONDITIONING)
                if guide in told:
                    continue
                passed = flow.upstream(guider, name, kinds=("CONDITIONING",))
                crop = next((node for node in passed if node.type in CROPS_CONDITIONING), None)
                how = f"{crop} takes it out before" if guide in passed and crop else "it is taken from before the guide"
                yield Finding(
                    guider,
                    f"its {name} does not hold the position of {guide}, which is in the latent that is sampled: {how}",
                )
                break
