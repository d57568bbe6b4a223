"""A loop of LTX 2.5 has the facts of its model in the plan."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import PLANNER
from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="with LTX 2.5 the planner has the facts of the model",
    seen="a flash or a small jump where windows meet",
    why="LTX 2.5 takes the first latent of a window for a single picture; without its facts that is one of carried motion",
    mend="add Audio Loop Model Facts, and wire its model_facts to the planner",
)
def ltx25_facts(subject: Subject) -> Iterator[Finding]:
    """Looks at the planner if a loop samples LTX 2.5."""
    if not any(subject.parts.is_ltx25(sampler) for sampler in subject.parts.loop_samplers):
        return
    for planner in subject.flow.of_type({PLANNER}):
        if "model_facts" not in planner.inputs:
            yield Finding(planner, "model_facts is not wired, and the loop samples LTX 2.5")
