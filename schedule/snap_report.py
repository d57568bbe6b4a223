"""The outcome for each entry of a schedule on the grid of windows, as facts and as sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Generic

from ..loop_control.excerpt import excerpt, excerpt_of
from ..loop_control.rates import clock_text, seconds_text
from .free_windows import give_free_windows
from .parser import Entry, Schedule, Value
from .spans import Span, Step, changes, step_at
from .window_grid import SnapTo, WindowGrid

MOST_RETURNS = 8
"""How often a sentence says that an entry comes again."""


@dataclass(frozen=True)
class SnapRow(Generic[Value]):
    """The outcome for one entry.

    Attributes:
        entry: The entry.
        asked: Second at which it was asked to begin.
        window: The one from which it counts; 0 is the initial render.
        used: Windows that take it, as (first, last), both inclusive; last is None if there is no end.
        vanished_because: Why no window takes it, in words; None if one does.
        moved_because: Why it took a free window instead of its nearest, in words; None if it did not.
    """

    entry: Entry[Value]
    asked: Fraction
    window: int
    used: tuple[tuple[int, int | None], ...]
    vanished_because: str | None
    moved_because: str | None = None

    @property
    def vanished(self) -> bool:
        """True if no window takes the entry."""
        return self.vanished_because is not None


@dataclass(frozen=True)
class SnapReport(Generic[Value]):
    """A schedule on the grid of windows. Made by `snap_schedule` and `snap_to_plan`.

    Attributes:
        schedule: The schedule as written.
        grid: The windows and the rule.
        remarks: Sentences on how it came about.
    """

    schedule: Schedule[Value]
    grid: WindowGrid
    remarks: tuple[str, ...] = ()

    @property
    def stride(self) -> Fraction:
        """Seconds between windows."""
        return self.grid.stride

    @property
    def iterations(self) -> int | None:
        """Number of the last window, None if it is unknown."""
        return self.grid.iterations

    @property
    def overlap(self) -> Fraction | None:
        """Effective overlap in seconds, None if it is unknown."""
        return self.grid.overlap

    @property
    def snap(self) -> bool:
        """False if nothing was moved and each window takes what holds at its time."""
        return self.grid.snap

    @property
    def snap_to(self) -> SnapTo:
        """The rule in force."""
        return self.grid.snap_to

    def assignment(self, window: int) -> Entry[Value]:
        """The entry that `window` takes; 0 is the initial render. It may lie behind the last."""
        return self.steps[step_at(self.steps, window)][1]

    @cached_property
    def steps(self) -> tuple[tuple[int, Entry[Value]], ...]:
        """Windows at which another entry begins to count, with that entry; the first is 0."""
        return tuple((int(position), self.schedule.entries[index]) for position, index in self._placed[0])

    @cached_property
    def rows(self) -> tuple[SnapRow[Value], ...]:
        """One row for each entry, in the order of the lines."""
        return tuple(self._row(index) for index in range(len(self.schedule.entries)))

    @property
    def never_shown(self) -> tuple[str, ...]:
        """A sentence for each entry that no window takes: what a person must read first."""
        gone = [row for row in self.rows if row.vanished]
        return excerpt(len(gone), lambda index: never_shows(gone[index]), "lines never show and")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Whatever is probably not meant: entries that vanish or were moved, the schedule's own notes."""
        gone = [row for row in self.rows if row.vanished]
        moved = [row for row in self.rows if row.moved_because]
        return (
            *excerpt(len(gone), lambda index: _gone_in_short(gone[index]), "lines never show and"),
            *excerpt(len(moved), lambda index: self._sentence(moved[index]), "lines took a free window and"),
            *excerpt_of(self._notes, "notes"),
        )

    def lines(self) -> tuple[str, ...]:
        """The report for people: what never shows, a line for each other entry, notes. Long lists are shortened."""
        shown = [row for row in self.rows if not row.vanished]
        rows = excerpt(len(shown), lambda index: self._sentence(shown[index]), "lines")
        return (*self.never_shown, *rows, *excerpt_of(self._notes, "notes"), *self.remarks)

    def visible_from(self, window: int) -> Fraction | None:
        """Second of the video at which the new frames of `window` begin; None if the overlap is unknown."""
        return self.grid.visible_from(window)

    @property
    def _notes(self) -> tuple[str, ...]:
        return (*self.schedule.notes, *self._gap_at_the_end())

    def _gap_at_the_end(self) -> Iterator[str]:
        ends = [entry.end for entry in self.schedule.entries if entry.end is not None]
        if self.grid.end is None or len(ends) < len(self.schedule.entries) or max(ends) >= self.grid.end:
            return
        last = self.schedule.at(max(ends))
        yield f"nothing is scheduled from {clock_text(max(ends))} on: line {last.line} goes on to the end."

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        window_at = self.grid.window_at
        return tuple(
            Span(window_at(entry.start), None if entry.end is None else window_at(entry.end), entry.start, entry.end)
            for entry in self.schedule.entries
        )

    @cached_property
    def _placed(self) -> tuple[tuple[Step, ...], Mapping[int, int]]:
        """Steps of windows, and the free windows that were given, by entry. The older rule gives none, nor does snap off."""
        steps = changes(self._spans)
        if not self.grid.snap or self.grid.snap_to != "visible":
            return steps, {}
        return give_free_windows(steps, self._due, self.grid)

    @cached_property
    def _due(self) -> dict[int, Fraction]:
        """For each entry that counts somewhere in the video by its times, the first second at which it does."""
        due: dict[int, Fraction] = {}
        for position, index in changes(self.schedule.spans):
            if self.grid.end is None or position < self.grid.end:
                due.setdefault(index, Fraction(position))
        return due

    @cached_property
    def _uses(self) -> Mapping[int, tuple[tuple[int, int | None], ...]]:
        """Windows that take an entry, as (first, last), by its line."""
        uses: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        ends = (*(position for position, _ in self.steps[1:]), None)
        for (first, taken), end in zip(self.steps, ends, strict=True):
            if self.iterations is None or first <= self.iterations:
                lasts = [last for last in (None if end is None else end - 1, self.iterations) if last is not None]
                uses[taken.line].append((first, min(lasts, default=None)))
        return {line: tuple(found) for line, found in uses.items()}

    def _row(self, index: int) -> SnapRow[Value]:
        entry, span = self.schedule.entries[index], self._spans[index]
        used = self._uses.get(entry.line, ())
        given = self._placed[1].get(index)
        window = int(span.start) if given is None else given
        return SnapRow(
            entry=entry,
            asked=entry.start,
            window=window,
            used=used,
            vanished_because=None if used else self._why_gone(index),
            moved_because=None if given is None else self._why_not_nearest(index),
        )

    def _why_gone(self, index: int) -> str:
        reason = self._why_not_nearest(index)
        if not self.grid.snap or self.grid.snap_to != "visible" or index not in self._due:
            return f"{reason}{self._instead(index)}."
        return f"{reason}{self._instead(index)}, and no window near is free."

    def _why_not_nearest(self, index: int) -> str:
        span = self._spans[index]
        start = int(span.start)
        if self.iterations is not None and start > self.iterations:
            if index not in self._due and self.grid.end is not None and self.grid.snap_to == "visible":
                return f"it would begin behind the end of the video, {clock_text(self.grid.end)}"
            return f"it would begin with window {start}, and the last is {self.iterations}"
        if span.end is not None and span.end == span.start and span.asked_end is not None:
            length = seconds_text(span.asked_end - span.asked_start)
            return f"its {length} begin and end at the same switch, since windows start only every {seconds_text(self.stride)}"
        return "lines further down cover it"

    def _instead(self, index: int) -> str:
        start = int(self._spans[index].start)
        if self.iterations is not None and start > self.iterations:
            return ""
        return f"; window {start} takes line {self.assignment(start).line} instead"

    def _sentence(self, row: SnapRow[Value]) -> str:
        asked = f"line {row.entry.line}, asked for {clock_text(row.asked)}"
        first = row.used[0][0]
        if first == 0:
            late = "" if row.window == 0 else ", because nothing comes before it"
            return f"{asked}: from the initial render on{late}{_and_later(row)}."
        visible = self.visible_from(first)
        moved = _moved(self.grid.time(first) - row.asked)
        if self.snap_to == "visible" and visible is not None:
            free = f", the nearest free window: {row.moved_because}" if row.moved_because else ""
            return f"{asked}: from window {first} on, visible from {clock_text(visible)} ({moved}){_and_later(row)}{free}."
        seen = "" if visible is None else f", visible from {clock_text(visible)}"
        grid = f"(starts at {clock_text(self.grid.start(first))}, {moved})"
        return f"{asked}: from window {first} on {grid}{seen}{_and_later(row)}."


def never_shows(row: SnapRow[Value]) -> str:
    """A sentence on an entry that no window takes."""
    return f"line {row.entry.line}, asked for {clock_text(row.asked)}: never shows: {row.vanished_because}"


def _gone_in_short(row: SnapRow[Value]) -> str:
    return f"line {row.entry.line} never shows: {row.vanished_because}"


def _moved(shift: Fraction) -> str:
    if shift == 0:
        return "as asked"
    return f"{seconds_text(abs(shift))} {'later' if shift > 0 else 'earlier'}"


def _and_later(row: SnapRow[Value]) -> str:
    again = [str(first) for first, _ in row.used[1 : 1 + MOST_RETURNS]]
    more = len(row.used) - 1 - len(again)
    left_out = f" and {more} times more" if more > 0 else ""
    return f"; again from window {' and '.join(again)}{left_out}" if again else ""
