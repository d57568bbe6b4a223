"""A line of the schedule is seen at another time than it is written for, or never."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from ...loop_control.rates import clock_text
from ...schedule.errors import ScheduleError
from ...schedule.parser import Entry, parse_schedule
from ...schedule.snap_report import SnapReport, never_shows
from ...schedule.snapping import snap_to_plan
from ...watching.place_changes import PlaceChange, place_changes
from ..case import Case
from ..seen import Figure, Seen, Stretch, Symptom

NOTICED_SECONDS = 1.0
NEVER = 3.0
"""Strength of a line that is never seen."""

_SOURCE = "half a bar at 120 beats a minute: a picture that changes so far from what is sung is seen to be off"
_MEANING = "the farthest that a line of the schedule is seen behind the time it is written for; below 0 before it"
_MEANING_OF_NEVER = "lines of the schedule that no window shows"
_MEANING_OF_CHANGES = "lines of the schedule at which the video changes to another place, nearby"
_SOURCE_OF_NEVER = "whatever is written should be seen"
_STILL = 0.2
"""Of what changes from frame to frame elsewhere."""

_FARTHEST_SECONDS = 4.0
"""A change of place that is farther off belongs to no line, unless windows are longer."""

_ANOTHER_PLACE = 0.6
"""Correlation of before and after below which it is surely another place: a camera that pans stays above."""

_BEFORE_SECONDS, _AFTER_SECONDS = 0.1, 0.4
"""A join begins at its frame and may be smeared over the frames of one latent."""
_HARDLY = 0.01
"""Of being near: a change within a window belongs to a line only if no other does, and then the nearest."""


@dataclass(frozen=True)
class _ScheduleLine:
    """One line: when it is written for, when it is seen (None: never), and how that is known."""

    entry: Entry[str]
    seen: float | None
    by: PlaceChange | None
    why: str

    @property
    def written(self) -> float:
        return float(self.entry.start)

    @property
    def off(self) -> float | None:
        return None if self.seen is None else self.seen - self.written


def look(case: Case) -> Seen:
    """Places the schedule on the plan's windows, and looks for changes of place near its lines."""
    if case.schedule is None:
        return _not_measured("the schedule is not known; name it by --schedule FILE")
    try:
        schedule = parse_schedule(case.schedule)
    except ScheduleError as error:
        return _not_measured(str(error))
    report = None if case.plan is None else snap_to_plan(schedule, case.plan)
    starts = sorted({entry.start: entry for _, entry in schedule.steps if entry.start > 0}.items())
    entries = [entry for start, entry in starts if start < case.video.duration_seconds]
    gone = () if report is None else tuple(row for row in report.rows if row.vanished)
    entries += [row.entry for row in gone if row.entry not in entries and row.asked < case.video.duration_seconds]
    entries.sort(key=lambda entry: entry.start)
    if not entries:
        return _not_measured("the schedule has one line, which holds from the beginning")
    farthest = _FARTHEST_SECONDS if case.plan is None else max(_FARTHEST_SECONDS, 1.2 * float(case.plan.stride))
    changes = _paired([float(entry.start) for entry in entries], place_changes(case.video), farthest, _joins(case))
    lines = [_line(entry, _begun(case, entry, change), report) for entry, change in zip(entries, changes, strict=True)]
    return _seen(case, [line for line in lines if line is not None])


def _begun(case: Case, entry: Entry[str], change: PlaceChange | None) -> PlaceChange | None:
    """A change, from where the picture stopped before it: one that stands still past its time is frozen, and not late."""
    if change is None or change.seconds <= entry.start:
        return change
    frames = case.video.frames
    waited = (frames.seconds >= float(entry.start)) & (frames.seconds < change.seconds - 0.5 / float(case.video.fps))
    ordinary = float(np.median(frames.change))
    moving = waited & (frames.change >= _STILL * ordinary)
    # At the beginning of the wait the picture may still move: it may have been written a moment too early as well.
    stopped = frames.seconds[moving][-1] if moving.any() else float(entry.start)
    return replace(change, seconds=float(max(stopped, float(entry.start)))) if ordinary > 0 else change


def _line(entry: Entry[str], change: PlaceChange | None, report: SnapReport[str] | None) -> _ScheduleLine | None:
    """Everything known of a line; None if nothing is, without a plan and without a change."""
    if change is not None:
        return _ScheduleLine(entry, change.seconds, change, "")
    if report is None:
        return None
    row = next(each for each in report.rows if each.entry == entry)
    if row.vanished:
        return _ScheduleLine(entry, None, None, never_shows(row))
    visible = report.visible_from(row.used[0][0])
    why = row.moved_because or f"windows begin only every {float(report.stride):.2f} s"
    return None if visible is None else _ScheduleLine(entry, float(visible), None, why)


def _joins(case: Case) -> list[float] | None:
    """The seconds at which windows begin, and with them other prompts; None without a plan."""
    return None if case.plan is None else [cut / float(case.video.fps) for cut in case.cuts_px]


def _begins(change: PlaceChange, join: float) -> bool:
    return -_BEFORE_SECONDS <= change.seconds - join <= _AFTER_SECONDS


def _paired(
    written: list[float], changes: tuple[PlaceChange, ...], farthest: float, joins: list[float] | None
) -> list[PlaceChange | None]:
    """For each line the change that belongs to it, both in their order, so that all together are least far off.

    A line without a change counts as far off as can be, and so does a change to quite another place without a line: a schedule
    that is late as a whole would otherwise have its lines paired with the changes of the next ones. Prompts change only with
    windows: what changes within one, such as a street that a tram fills, is no line's unless nothing else is.
    """
    joined = [joins is None or any(_begins(change, join) for join in joins) for change in changes]
    alone = [
        farthest if change.alike < _ANOTHER_PLACE and is_joined else 0.0
        for change, is_joined in zip(changes, joined, strict=True)
    ]
    # best[i][j]: (cost, choices) of the first i lines with the first j changes.
    best: list[list[tuple[float, tuple[PlaceChange | None, ...]]]] = []
    best.append([(cost, ()) for cost in accumulate(alone, initial=0.0)])
    for count, time in enumerate(written):
        row: list[tuple[float, tuple[PlaceChange | None, ...]]] = []
        for number in range(len(changes) + 1):
            cost, choices = best[count][number]
            options = [(cost + farthest, (*choices, None))]
            if number:
                cost, choices = row[number - 1]
                options.append((cost + alone[number - 1], choices))
                change = changes[number - 1]
                if (off := abs(change.seconds - time)) <= farthest:
                    cost, choices = best[count][number - 1]
                    off = off if joined[number - 1] else farthest - _HARDLY * (farthest - off)
                    options.append((cost + off, (*choices, change)))
            row.append(min(options, key=lambda option: option[0]))
        best.append(row)
    return list(best[-1][-1][1])


def _seen(case: Case, lines: list[_ScheduleLine]) -> Seen:
    if not lines:
        return _not_measured("without the plan, and without a change of place, it cannot be told when a line is seen")
    offs = [line.off for line in lines if line.off is not None]
    worst = max(offs, key=abs) if offs else None
    never = [line for line in lines if line.seen is None]
    changed = sum(line.by is not None for line in lines)
    figures = _figures(worst, len(never), changed, "" if offs else "no line is seen")
    wrong = [line for line in lines if line.off is None or abs(line.off) >= NOTICED_SECONDS]
    if not wrong:
        return Seen(figures)
    wrong.sort(key=_strength, reverse=True)
    words = " ".join((_words(wrong[0]), *([f"{len(wrong) - 1} more lines are off."] if len(wrong) > 1 else [])))
    facts = (
        *((("off_seconds", worst),) if worst is not None else ()),
        ("lines", float(len(wrong))),
        ("never", float(len(never))),
    )
    stretches = tuple(_stretch(case, line) for line in wrong)
    names = ("schedule_off_seconds", "schedule_never_shown")
    return Seen(figures, (Symptom("schedule_timing", _strength(wrong[0]), words, stretches, names, facts),))


def _strength(line: _ScheduleLine) -> float:
    return NEVER if line.off is None else abs(line.off) / NOTICED_SECONDS


def _words(line: _ScheduleLine) -> str:
    if line.off is None or line.seen is None:
        return f"{line.why[0].upper()}{line.why[1:].rstrip('.')}."
    side = "later" if line.off > 0 else "earlier"
    said = f"Line {line.entry.line} is written for {clock_text(line.entry.start)}"
    if line.by is not None:
        return f"{said}, but the picture changes to another place {abs(line.off):.1f} s {side}."
    return f"{said}, but is seen {abs(line.off):.1f} s {side}: {line.why}."


def _stretch(case: Case, line: _ScheduleLine) -> Stretch:
    one, other = sorted((line.written, line.seen if line.seen is not None else float(line.entry.end or line.written)))
    other = min(max(other, one + 1 / float(case.video.fps)), case.video.duration_seconds)
    shown = line.written if line.seen is None else line.seen
    return Stretch(one, other, case.window_at(round(shown * float(case.video.fps))))


def _figures(worst: float | None, never: int | None, changed: int | None, not_measured: str = "") -> tuple[Figure, ...]:
    no_count = not_measured if never is None else ""
    return (
        Figure("schedule_off_seconds", worst, "s", NOTICED_SECONDS, _SOURCE, _MEANING, not_measured),
        Figure("schedule_never_shown", never, "", 1, _SOURCE_OF_NEVER, _MEANING_OF_NEVER, no_count),
        Figure("schedule_changes_seen", changed, "", None, "", _MEANING_OF_CHANGES, no_count),
    )


def _not_measured(why: str) -> Seen:
    return Seen(_figures(None, None, None, why))
