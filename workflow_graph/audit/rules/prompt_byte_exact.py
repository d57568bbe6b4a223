"""The first prompt is the schedule's first entry, and the subject is called the same in every entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....schedule.errors import ScheduleError
from ....schedule.parser import Schedule, parse_schedule
from ...reading.schedules import written_schedules
from ..rule import WARN, Finding, rule
from ..subject import Subject

_SUBJECT = re.compile(r"^(?:style\s*:[^.]*\.\s*)?(?P<subject>.+?)\s+(?:is|are)\b", re.IGNORECASE)
"""The words before the first "is" or "are", without a leading "Style: ... ."."""


@rule(
    severity=WARN,
    summary="initial prompt and 0:00 entry are equal to the byte, and so is the subject in all entries",
    seen="the face, hair or clothes change where the prompt changes",
    why="other words are another subject to the text encoder",
    mend="copy the words of the first entry into the others",
)
def prompt_byte_exact(subject: Subject) -> Iterator[Finding]:
    """Compares the texts in the graph."""
    flow, parts = subject.flow, subject.parts
    for node, text in written_schedules(flow):
        try:
            schedule = parse_schedule(text)
        except ScheduleError:
            continue
        first = schedule.at(0).value
        for sampler in parts.initial_samplers:
            behind = flow.upstream(parts.guider(sampler), "positive", kinds=("CONDITIONING",))
            for encoder in behind:
                prompt = flow.written(encoder, "text")
                if prompt is not None and isinstance(prompt.value, str) and prompt.value.strip() != first.strip():
                    at = _first_difference(prompt.value.strip(), first.strip())
                    yield Finding(prompt.node, f"its prompt differs from the 0:00 entry of {node} from character {at + 1} on")
        names = _subjects(schedule)
        other = next((line for line, name in names if name != names[0][1]), None)
        if other is not None:
            told = " / ".join(repr(name) for name in dict.fromkeys(name for _, name in names))
            yield Finding(node, f"the subject changes: {told}", line=other)


def _subjects(schedule: Schedule[str]) -> list[tuple[int, str]]:
    """(line, subject) of each entry that names one."""
    found = ((entry.line, _SUBJECT.match(entry.value)) for entry in schedule.entries)
    return [(line, match["subject"]) for line, match in found if match]


def _first_difference(one: str, two: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
