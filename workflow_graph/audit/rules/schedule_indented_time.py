"""A line of the schedule that looks like an entry is one."""

from __future__ import annotations

from collections.abc import Iterator

from ....schedule.times import begins_like_an_entry
from ...reading.schedules import written_schedules
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="no line that begins with a time is indented",
    seen="a prompt that never comes, and its words in the prompt before",
    why="an indented line goes on with the prompt above it, even if it begins with a time",
    mend="take the spaces away before the time, or put a word before it if it belongs to the prompt",
)
def schedule_indented_time(subject: Subject) -> Iterator[Finding]:
    """Looks at the lines of each schedule that is written in the graph."""
    for node, text in written_schedules(subject.flow):
        for number, line in enumerate(text.splitlines(), 1):
            if line[:1].isspace() and begins_like_an_entry(line.strip()):
                words = line.strip()[:60]
                told = f"schedule, line {number}: {words!r} is indented, so it is part of the prompt above"
                yield Finding(node, told, line=number)
