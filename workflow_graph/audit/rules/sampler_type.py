"""The sampler adds no noise of its own."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject

_NOISY = ("ancestral", "sde", "ddpm", "lcm", "er_sde")


@rule(
    severity=WARN,
    summary="the sampler is deterministic (euler), but for LTX 2.5",
    seen="the face becomes another person's over 30 to 60 seconds",
    why="noise that is added in each step adds up from window to window",
    mend="set sampler_name to euler",
)
def sampler_type(subject: Subject) -> Iterator[Finding]:
    """Looks at the sampler of every sampling; ComfyUI's template for LTX 2.5 takes one that adds noise (euler_ancestral)."""
    flow = subject.flow
    others = (sampler for sampler in subject.parts.samplers if not subject.parts.is_ltx25(sampler))
    for chosen in dict.fromkeys(flow.feeding(sampler, "sampler") or sampler for sampler in others):
        name = flow.value(chosen, "sampler_name")
        if isinstance(name, str) and any(part in name for part in _NOISY):
            yield Finding(chosen, f"sampler_name is {name}, which adds noise in every step")
