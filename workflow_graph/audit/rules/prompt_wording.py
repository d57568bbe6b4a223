"""Prompts keep the face large and the camera still, and say what is to be seen."""

from __future__ import annotations

from collections.abc import Iterator

from ....schedule.errors import ScheduleError
from ....schedule.parser import parse_schedule
from ...reading.flow import FlowNode
from ...reading.schedules import written_schedules
from ..rule import WARN, Finding, rule
from ..subject import Subject
from ..wording import WORDINGS


@rule(
    severity=WARN,
    summary="no prompt asks for a wide shot or a moving camera, or names an action that cannot be seen",
    seen="a mouth that does not match the sound, and a face that drifts",
    why="the mouth needs pixels, and the model needs a picture that holds still in a window",
    mend="write medium close-up, static camera, locked off shot, and a verb that can be seen",
)
def prompt_wording(subject: Subject) -> Iterator[Finding]:
    """Looks for each wording of the table in every section of the schedules, and in the first prompt."""
    told = set()
    for node, line, text, is_end in _texts(subject):
        for wording in WORDINGS:
            found = wording.pattern.search(text)
            if found is None or (is_end and wording.may_end) or (text, wording.kind) in told:
                continue
            told.add((text, wording.kind))
            place = "its prompt" if line is None else f"schedule, line {line}"
            yield Finding(
                node,
                f"{place}: {found[0]!r} is {wording.kind}",
                seen=wording.seen,
                why=wording.why,
                mend=f"write instead: {wording.instead}",
                may_be_meant=True,
                line=line,
            )


def _texts(subject: Subject) -> Iterator[tuple[FlowNode, int | None, str, bool]]:
    """(node, line of the schedule, text, whether the video ends with it) of each prompt that is written in the graph."""
    flow, parts = subject.flow, subject.parts
    for node, text in written_schedules(flow):
        try:
            entries = parse_schedule(text).entries
        except ScheduleError:
            continue
        for entry in entries:
            yield node, entry.line, entry.value, entry is entries[-1] and len(entries) > 1
    for sampler in parts.initial_samplers:
        for encoder in flow.upstream(parts.guider(sampler), "positive", kinds=("CONDITIONING",)):
            prompt = flow.written(encoder, "text")
            if prompt is not None and isinstance(prompt.value, str):
                yield prompt.node, None, prompt.value, False
