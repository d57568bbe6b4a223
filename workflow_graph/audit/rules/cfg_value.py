"""The distilled model is sampled at cfg 1."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="cfg is 1 with the distilled model",
    seen="hard contrast and burnt colours; every step takes twice as long",
    why="guidance was distilled into the model and is applied a second time",
    mend="set cfg to 1; negative prompts work through LTXNormalizedAttentionGuidance",
)
def cfg_value(subject: Subject) -> Iterator[Finding]:
    """Looks at the guider of every sampling."""
    flow, parts = subject.flow, subject.parts
    if not parts.is_distilled:
        return
    for guider in dict.fromkeys(map(parts.guider, parts.samplers)):
        value = flow.number(guider, "cfg")
        if value is not None and value != 1:
            yield Finding(guider, f"cfg is {value:g} and the model is distilled")
