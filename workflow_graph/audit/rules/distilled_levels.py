"""The 8 noise levels of the distilled model are given to a distilled model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject
from .manual_sigmas import holds_distilled_levels

_DEV = re.compile(r"(^|[^a-z0-9])dev([^a-z0-9]|$)")
"""A part of the names of the published full models; a file that does not say it is not judged."""


@rule(
    severity=WARN,
    summary="the dev model gets its distilled LoRA where it is sampled in the 8 distilled steps",
    seen="a blurred or unfinished picture",
    why="the dev model needs 20 steps or more; 8 are enough only once it is distilled",
    mend="set strength_model of the distilled LoRA to 0.5, or load the distilled model",
)
def distilled_levels(subject: Subject) -> Iterator[Finding]:
    """Looks at the model and the sigmas of each sampling."""
    flow, parts = subject.flow, subject.parts
    told: set[str] = set()
    for sampler in parts.samplers:
        files = parts.model_files(sampler)
        dev = next((file for file in files if not file.is_lora and _DEV.search(file.name)), None)
        if dev is None or dev.node.id in told or any("distil" in file.name for file in files):
            continue
        sigmas = flow.feeding(sampler, "sigmas")
        if sigmas is not None and holds_distilled_levels(flow, sigmas):
            told.add(dev.node.id)
            yield Finding(dev.node, f"loads {dev.name} without a distilled LoRA, and {sigmas} holds the distilled levels")
