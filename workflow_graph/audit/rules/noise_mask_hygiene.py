"""The noise mask of one iteration does not reach the next."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import CANVAS_WINDOW, LOOP_OPENS
from ..rule import ERR, Finding, rule
from ..subject import Subject

STRIPS = frozenset(
    {
        CANVAS_WINDOW,
        "LatentContextExtract",
        "LatentOverlapTrim",
        "LoopWindowLatent",
        "SetLatentNoiseMask",
        "StripLatentNoiseMask",
        "VAEEncode",
        "VAEEncodeTiled",
    }
)
"""Nodes whose output carries no mask from their input."""


@rule(
    severity=ERR,
    summary="the context loses its noise mask before the next window's mask is made",
    seen="lips are off by the same few seconds from the second iteration on",
    why="the mask node adds to a mask that it finds; a stale one frees audio that must stay fixed",
    mend="put LatentContextExtract (or StripLatentNoiseMask) behind previous_value of the loop",
)
def noise_mask_hygiene(subject: Subject) -> Iterator[Finding]:
    """Looks for a way from the loop's previous value to its sampler on which the mask survives."""
    flow, parts = subject.flow, subject.parts
    for sampler in parts.loop_samplers:
        found = flow.upstream(sampler, "latent_image", kinds=("LATENT", "IMAGE"), without=STRIPS)
        for opened in found:
            if opened.type in LOOP_OPENS:
                yield Finding(sampler, f"its latent holds the noise mask of the iteration before, from {opened}")
