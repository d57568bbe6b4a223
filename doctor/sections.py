"""The schedule's prompts where they are seen in the video."""

from __future__ import annotations

import itertools

from ..schedule.errors import ScheduleError
from ..schedule.parser import parse_schedule
from ..schedule.snapping import snap_to_plan
from .case import Case
from .diagnosis import NamedStretch


def sections_seen(case: Case) -> tuple[NamedStretch, ...]:
    """One for each stretch with one prompt; none without schedule or plan, or if the schedule cannot be read."""
    plan = case.plan
    if plan is None or case.schedule is None:
        return ()
    try:
        report = snap_to_plan(parse_schedule(case.schedule), plan)
    except ScheduleError:
        return ()
    end = case.video.duration_seconds
    texts = [(float(plan.visible_from(k)), report.assignment(k).value) for k in range(len(plan.windows))]
    starts = [next(group) for _, group in itertools.groupby(texts, key=lambda each: each[1])]
    stops = [start for start, _ in starts[1:]] + [end]
    return tuple(NamedStretch(text, start, stop) for (start, text), stop in zip(starts, stops, strict=True) if start < end)
