"""Every section of the schedule shows somewhere in the video."""

from __future__ import annotations

from collections.abc import Iterator

from ...schedule.snap_report import never_shows
from ...workflow_graph.audit.rule import WARN, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=WARN,
    summary="every section of the schedule is seen in the video",
    seen="a section that was written never appears",
    why="a window has one prompt, and windows start only every stride",
    mend="make the section longer, move its start to the nearest cut, or delete it; the cuts are listed below",
)
def sections_shown(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks for sections that no window takes."""
    told = set()
    for node, report in subject.snapped:
        for row in report.rows:
            if row.vanished and (sentence := never_shows(row)) not in told:
                told.add(sentence)
                yield Finding(node, f"schedule, {sentence}", line=row.entry.line)
