"""A prompt is seen from the start of a window on, not from the second that was written."""

from __future__ import annotations

from ..cause_rule import Answer, cause
from ..clues import from_schedule, from_workflow
from ..evidence import Evidence


@cause(
    layer="schedule mixing",
    place=3,
    explains=("schedule_timing",),
    title="The schedule's times lie between the starts of windows, and a prompt shows only from such a start on",
    mend="write times that are starts of windows; python scripts/check_schedule.py SCHEDULE --audio SONG names the nearest",
)
def schedule_grid(evidence: Evidence) -> Answer | None:
    """The check of the schedule names each line."""
    found = from_workflow(evidence, "snap_boundaries", "sections_shown", "section_length")
    return Answer((*found, *from_schedule(evidence, 9, 10)))
