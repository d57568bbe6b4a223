"""From seconds to iterations: which entry each window takes, and when that becomes visible.

One prompt holds for a whole window, so an entry cannot begin between two. With snapping its start and end go to the
nearest multiple of the stride, half-way up; without, iteration `k` takes what the schedule says at `k * stride`. Either
way the frames that iteration adds begin one effective overlap later, since the window's head repeats the one before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Generic

from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text, read_number, seconds_text
from ..loop_control.units import round_half_up
from .errors import ScheduleError
from .parser import Entry, Schedule, Value
from .timeline import Span, changes, choose

Seconds = int | float | str | Fraction

# Strides come from nodes as floats; two figures for one length may differ by their last digits.
SAME_SECONDS = Fraction(1, 1000)


@dataclass(frozen=True)
class SnapRow(Generic[Value]):
    """What became of one entry.

    Attributes:
        entry: The entry.
        asked: Second at which it was asked to begin.
        iteration: Iteration from which it counts; 0 is the initial render.
        chosen_at: Second at which that iteration's window starts.
        visible_at: Second of the video at which that iteration's new frames begin; None where the overlap is unknown.
        shift: `chosen_at - asked`; negative where it comes early.
        used: Iterations that take it, as (first, last), both inclusive; last is None where there is no end.
        vanished: Why no iteration takes it, in words; None where one does.
    """

    entry: Entry[Value]
    asked: Fraction
    iteration: int
    chosen_at: Fraction
    visible_at: Fraction | None
    shift: Fraction
    used: tuple[tuple[int, int | None], ...]
    vanished_because: str | None

    @property
    def vanished(self) -> bool:
        """True where no iteration takes the entry."""
        return self.vanished_because is not None


@dataclass(frozen=True)
class SnapReport(Generic[Value]):
    """A schedule on the grid of iterations.

    Attributes:
        schedule: The schedule as written.
        stride: Seconds between windows.
        iterations: Number of the last iteration, None where it is unknown.
        overlap: Effective overlap in seconds, None where it is unknown.
        snap: False where nothing was moved and each iteration takes what holds where it starts.
    """

    schedule: Schedule[Value]
    stride: Fraction
    iterations: int | None
    overlap: Fraction | None
    snap: bool

    def assignment(self, iteration: int) -> Entry[Value]:
        """The entry that `iteration` takes; 0 is the initial render. It may lie behind the last."""
        return self.schedule.entries[choose(self._spans, iteration)]

    @cached_property
    def steps(self) -> tuple[tuple[int, Entry[Value]], ...]:
        """Iterations at which another entry begins to count, with that entry; the first is 0."""
        return tuple((int(position), self.schedule.entries[index]) for position, index in changes(self._spans))

    @cached_property
    def rows(self) -> tuple[SnapRow[Value], ...]:
        """What became of each entry, in the order of the lines."""
        return tuple(self._row(index) for index in range(len(self.schedule.entries)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is probably not meant: entries that vanish, and the schedule's own notes."""
        gone = (f"line {row.entry.line} never shows: {row.vanished_because}" for row in self.rows if row.vanished)
        return (*gone, *self.schedule.notes)

    def lines(self) -> tuple[str, ...]:
        """The report for people, a line for each entry and the schedule's notes."""
        return (*(self._sentence(row) for row in self.rows), *self.schedule.notes)

    def visible_from(self, iteration: int) -> Fraction | None:
        """Second of the video at which the new frames of `iteration` begin; None where the overlap is unknown."""
        if iteration == 0:
            return Fraction(0)
        return None if self.overlap is None else iteration * self.stride + self.overlap

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return tuple(
            Span(
                self._grid(entry.start),
                None if entry.end is None else self._grid(entry.end),
                entry.start,
                entry.end,
            )
            for entry in self.schedule.entries
        )

    def _grid(self, seconds: Fraction) -> int:
        # Unsnapped, `start <= k * stride` is the same as `ceil(start / stride) <= k`.
        return round_half_up(seconds / self.stride) if self.snap else math.ceil(seconds / self.stride)

    def _row(self, index: int) -> SnapRow[Value]:
        entry, span = self.schedule.entries[index], self._spans[index]
        used = tuple(self._used(entry))
        iteration = int(span.start)
        chosen_at = iteration * self.stride
        return SnapRow(
            entry=entry,
            asked=entry.start,
            iteration=iteration,
            chosen_at=chosen_at,
            visible_at=self.visible_from(iteration),
            shift=chosen_at - entry.start,
            used=used,
            vanished_because=None if used else self._why_gone(span),
        )

    def _used(self, entry: Entry[Value]) -> Iterator[tuple[int, int | None]]:
        ends = (*(position for position, _ in self.steps[1:]), None)
        for (first, taken), end in zip(self.steps, ends, strict=True):
            if taken is not entry or (self.iterations is not None and first > self.iterations):
                continue
            lasts = [last for last in (None if end is None else end - 1, self.iterations) if last is not None]
            yield first, min(lasts, default=None)

    def _why_gone(self, span: Span) -> str:
        start = int(span.start)
        if self.iterations is not None and start > self.iterations:
            return f"it would begin with iteration {start}, and the last is {self.iterations}."
        instead = f"iteration {start} takes line {self.assignment(start).line}"
        if span.end is not None and span.end == span.start and span.asked_end is not None:
            length = seconds_text(span.asked_end - span.asked_start)
            return (
                f"its {length} begin and end at the same switch, since windows start only every "
                f"{seconds_text(self.stride)}; {instead} instead."
            )
        return f"lines further down cover it; {instead} instead."

    def _sentence(self, row: SnapRow[Value]) -> str:
        asked = f"line {row.entry.line}, asked for {clock_text(row.asked)}"
        if row.vanished:
            return f"{asked}: never shows: {row.vanished_because}"
        first = row.used[0][0]
        if first == 0:
            late = "" if row.iteration == 0 else ", because nothing comes before it"
            return f"{asked}: from the initial render on{late}{_and_later(row)}."
        visible = self.visible_from(first)
        seen = "" if visible is None else f", visible from {clock_text(visible)}"
        starts = first * self.stride
        grid = f"(starts at {clock_text(starts)}, {_moved(starts - row.asked)})"
        return f"{asked}: from iteration {first} on {grid}{seen}{_and_later(row)}."


def _moved(shift: Fraction) -> str:
    if shift == 0:
        return "as asked"
    return f"{seconds_text(abs(shift))} {'later' if shift > 0 else 'earlier'}"


def _and_later(row: SnapRow[Value]) -> str:
    again = [str(first) for first, _ in row.used[1:]]
    return f"; again from iteration {' and '.join(again)}" if again else ""


def snap_schedule(
    schedule: Schedule[Value],
    stride: Seconds,
    *,
    iterations: int | None = None,
    window: Seconds | None = None,
    overlap: Seconds | None = None,
    snap: bool = True,
) -> SnapReport[Value]:
    """Puts a schedule on the grid of iterations.

    Args:
        schedule: From `parse_schedule`.
        stride: Seconds between the starts of two windows.
        iterations: Number of the last iteration, where it is known: entries behind it are reported.
        window: Length of a window in seconds; gives the overlap.
        overlap: Effective overlap in seconds; gives the time at which a choice becomes visible.
        snap: False leaves every time where it is; see the module.

    Raises:
        ScheduleError: The stride is not above 0, or window, overlap and stride contradict each other.
        PlanError: A value is not a number.
    """
    step = read_number(stride, "stride_seconds")
    if step <= 0:
        raise ScheduleError(f"cannot be snapped to a stride of {stride} s; the stride is above 0, such as 17.92")
    shared = None if overlap is None else read_number(overlap, "overlap_seconds")
    if window is not None:
        from_window = read_number(window, "window_seconds") - step
        if shared is not None and abs(from_window - shared) > SAME_SECONDS:
            raise ScheduleError(
                f"cannot be placed: a window of {window} s and a stride of {stride} s share "
                f"{seconds_text(from_window)}, but the overlap given is {overlap} s; give one of the two"
            )
        shared = from_window
    if shared is not None and shared < 0:
        raise ScheduleError(f"cannot be placed: the overlap is {seconds_text(shared)}, and windows must not leave gaps")
    return SnapReport(schedule, step, iterations, shared, snap)


def snap_to_plan(schedule: Schedule[Value], plan: LoopPlan, *, snap: bool = True) -> SnapReport[Value]:
    """Puts a schedule on the grid of `plan`, with all that the plan knows."""
    return snap_schedule(schedule, plan.stride, iterations=plan.iterations, overlap=plan.overlap, snap=snap)
