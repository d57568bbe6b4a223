"""The draft is as long as what is finished from it."""

from __future__ import annotations

from collections.abc import Iterator

from ...loop_control.draft_length import draft_latents, latents_needed, or_less
from ...loop_control.units import pixels_from_latents
from ...workflow_graph.audit.rule import ERR, Finding, rule
from ..subject import PlannedSubject

_SWITCH, _DRAFT, _ENLARGER = "AudioLoopStages", "draft", "LoopDraftEnlarge"


@rule(
    severity=ERR,
    summary="a draft that is capped ends no earlier than what is finished from it",
    seen="the draft is made, and then the render stops",
    why="a window is finished from the draft under it",
    mend="take the cap off the draft's planner, cap the planner of the finish too, or trim the song",
)
def draft_covers_finish(subject: PlannedSubject) -> Iterator[Finding]:
    """Compares the plans of both stages, if the second is asked for."""
    flow, draft = subject.flow, subject.planned.plan
    if draft is None or any(flow.value(each, "stage") == _DRAFT for each in flow.of_type(_SWITCH)):
        return
    for node in flow.of_type(_ENLARGER):
        planner = flow.feeding(node, "plan")
        plan = next((each.plan for each in subject.planned_beside if each.node is planner and each.plan is not None), None)
        latents = draft_latents(draft)
        if plan is None or latents >= latents_needed(plan):
            continue
        made = pixels_from_latents(latents)
        yield Finding(
            node,
            f"the draft has {made} frames, but the video of the finish {plan.frames_delivered}: let the draft be made to its "
            f"end{or_less(latents, plan)}",
        )
