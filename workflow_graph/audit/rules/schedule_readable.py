"""The prompt schedule can be read."""

from __future__ import annotations

from collections.abc import Iterator

from ....schedule.errors import ScheduleError
from ....schedule.parser import parse_schedule
from ...reading.schedules import written_schedules
from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="every line of the prompt schedule can be read",
    seen="the render stops before it samples",
    why="a line that cannot be read would be a prompt that never appears",
    mend="write lines such as 0:00-1:15: a singer is singing",
)
def schedule_readable(subject: Subject) -> Iterator[Finding]:
    """Reads each schedule that is written in the graph."""
    for node, text in written_schedules(subject.flow):
        try:
            parse_schedule(text)
        except ScheduleError as error:
            yield Finding(node, str(error), line=error.line)
