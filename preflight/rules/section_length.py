"""No section of the schedule is shorter than half a stride."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

from ...loop_control.rates import seconds_text
from ...schedule.parser import Schedule
from ...workflow_graph.audit.rule import WARN, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=WARN,
    summary="every section of the schedule lasts at least half a stride",
    seen="the section stays for a whole window, much longer than asked, and takes that time from its neighbours",
    why="a prompt holds for a whole window, and windows start only every stride",
    mend="join it with the section before or after, or let it last longer",
)
def section_length(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks at the sections that are seen; `sections_shown` tells of the others."""
    plan = subject.planned.plan
    if plan is None:
        return
    told = set()
    for node, report in subject.snapped:
        gone = {row.entry.line for row in report.rows if row.vanished}
        for line, length in _lengths(report.schedule, plan.duration):
            if 2 * length >= plan.stride or line in gone or (line, length) in told:
                continue
            told.add((line, length))
            stride = seconds_text(plan.stride)
            told_now = f"schedule, line {line} lasts {seconds_text(length)}, less than half of the stride of {stride}"
            yield Finding(node, told_now, line=line)


def _lengths(schedule: Schedule[str], song_end: Fraction) -> Iterator[tuple[int, Fraction]]:
    """(line, seconds) of each section but those that begin when the song is over; one that the song's end cuts is whole."""
    starts = sorted(entry.start for entry in schedule.entries)
    for entry in schedule.entries:
        after = bisect_right(starts, entry.start)
        following = starts[after] if after < len(starts) else None
        end = entry.end if entry.end is not None else following
        if end is not None and entry.start < song_end:
            yield entry.line, end - entry.start
