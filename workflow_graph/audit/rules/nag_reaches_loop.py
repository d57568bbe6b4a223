"""The negative prompt counts in the loop as it does in the initial render."""

from __future__ import annotations

from collections.abc import Iterator

from ...reading.flow import FlowNode
from ..rule import ERR, Finding, rule
from ..subject import Subject

GUIDANCES = frozenset({"LTX2_NAG", "LTXNormalizedAttentionGuidance"})


@rule(
    severity=ERR,
    summary="normalised attention guidance is on the model of the loop if it is on that of the initial render",
    seen="things that the negative prompt rules out appear after the first window",
    why="at cfg 1 the negative prompt works through this patch only",
    mend="wire the patched model to the loop's guider",
)
def nag_reaches_loop(subject: Subject) -> Iterator[Finding]:
    """Compares the models of both sides."""
    parts = subject.parts
    if not any(_guided(subject, sampler) for sampler in parts.initial_samplers):
        return
    for sampler in parts.loop_samplers:
        if not _guided(subject, sampler):
            yield Finding(parts.guider(sampler), "its model has no attention guidance, the initial render's has")


def _guided(subject: Subject, sampler: FlowNode) -> bool:
    found = subject.flow.upstream(subject.parts.guider(sampler), "model", kinds=("MODEL",))
    return any(node.type in GUIDANCES for node in found)
