"""Text to `Schedule`: one entry a line, with what holds at any second.

Grammar:

    START-END: value    from START up to END (exclusive)
    START+: value       from START to the end
    START: value        from START to the next start, whichever line that is on
    # comment           a whole line; a `#` further on belongs to the value
      continued         a line that begins with white space continues the value above it
    text without times  one entry from the beginning to the end

If several entries cover a second, the one that stands last counts; a hole keeps what counted before it; before the
first start, the entry that starts first counts. Windows and Unix line ends, a byte-order mark and blank lines are fine.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, overload

from ..loop_control.rates import read_number
from . import values
from .entry import Entry, Value
from .errors import ScheduleError
from .remarks import remarks
from .spans import Span, changes, step_at
from .times import TimeError, begins_like_a_time, begins_like_an_entry, read_head
from .values import ValueTextError

__all__ = ["Entry", "Schedule", "ScheduleError", "Value", "parse_schedule"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_WHITE_SPACE = " \t\v\f\u00a0\u3000"
# What nobody sees in front of a line: byte-order marks, joiners and marks of direction, as pasted text brings them.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@dataclass(frozen=True)
class Schedule(Generic[Value]):
    """A parsed schedule.

    Attributes:
        entries: At least one, in the order of their lines.
        notes: Sentences about what reads well but may not be meant.
    """

    entries: tuple[Entry[Value], ...]
    notes: tuple[str, ...] = ()

    def at(self, seconds: int | float | str | Fraction) -> Entry[Value]:
        """The entry that counts at `seconds`; below 0 it is that of the beginning."""
        return self.steps[step_at(self.steps, read_number(seconds, "time"))][1]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The entries as spans of seconds, in the same order."""
        return tuple(Span(entry.start, entry.end, entry.start, entry.end) for entry in self.entries)

    @cached_property
    def steps(self) -> tuple[tuple[Fraction, Entry[Value]], ...]:
        """Seconds at which another entry begins to count, with that entry; the first is 0."""
        return tuple((Fraction(position), self.entries[index]) for position, index in changes(self.spans))


@overload
def parse_schedule(text: str) -> Schedule[str]: ...


@overload
def parse_schedule(text: str, value_parser: Callable[[str], Value]) -> Schedule[Value]: ...


def parse_schedule(text: str, value_parser: Callable[[str], Any] = values.prompt) -> Schedule[Any]:
    """Reads a schedule.

    Args:
        text: The schedule; see the module's grammar.
        value_parser: One of `schedule.values`: what the text behind the colon becomes.

    Raises:
        ScheduleError: A line does not read, an end does not lie behind its start, a start is there twice, or nothing is
            scheduled. Its `line` is the number of the line, None if there is none.
    """
    entries: list[Entry[Any]] = []
    notes: list[str] = []
    starts: dict[Fraction, int] = {}
    blocks = _blocks(text, notes)
    if plain := _plain(blocks, value_parser):
        return Schedule((plain,), (*notes, "no line begins with a time: the whole text holds from the beginning to the end."))
    for block in blocks:
        entry = block.read(value_parser)
        if entry.start in starts:
            raise block.error(f"line {starts[entry.start]} begins at the same time; remove one, or move it")
        starts[entry.start] = entry.line
        if isinstance(entry.value, str) and begins_like_an_entry(entry.value):
            notes.append(f"line {entry.line}: the prompt itself begins like a time, {_shortened(entry.value)!r}.")
        entries.append(entry)
    if not entries:
        raise ScheduleError("is empty; write at least one line, such as '0:00: a woman sings on a stage'")
    ordered = sorted(starts)
    held = tuple(_held(entry, ordered) for entry in entries)
    return Schedule(held, (*notes, *remarks(held)))


def _held(entry: Entry[Value], starts: Sequence[Fraction]) -> Entry[Value]:
    """An entry of the form START with its end: the next of `starts`, which are in order."""
    if entry.form != "hold":
        return entry
    following = bisect_right(starts, entry.start)
    return replace(entry, end=starts[following] if following < len(starts) else None)


def _plain(blocks: Sequence[_Block], value_parser: Callable[[str], Value]) -> Entry[Value] | None:
    """The one entry of a text in which no line begins with a time; None if one does, or if it does not read.

    Of several lines that all begin with a number, it is not known whether a colon was forgotten: they are no plain text.
    Neither is a number alone, unless indices are what is scheduled.
    """
    try:
        value = value_parser(" ".join(part.strip(_WHITE_SPACE) for b in blocks for part in (b.line, *b.continued)))
    except ValueTextError:
        return None
    if isinstance(value, str):
        if any(begins_like_a_time(block.line) for block in blocks):
            return None
        if len(blocks) > 1 and all(block.line[0].isdigit() for block in blocks):
            return None
    return Entry(Fraction(0), None, value, blocks[0].number, blocks[0].line, "open")


@dataclass
class _Block:
    """The lines of one entry: the one it begins on, and those that continue it."""

    number: int
    line: str
    continued: list[str]

    def read(self, value_parser: Callable[[str], Value]) -> Entry[Value]:
        try:
            head = read_head(self.line)
            parts = (part.strip(_WHITE_SPACE) for part in (head.rest, *self.continued))
            value = value_parser(" ".join(part for part in parts if part))
        except (TimeError, ValueTextError) as error:
            raise self.error(str(error)) from None
        return Entry(head.start, head.end, value, self.number, self.line, head.form)

    def error(self, expected: str) -> ScheduleError:
        return ScheduleError(expected, line=self.number, text=_shortened(self.line))


def _blocks(text: str, notes: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    for number, written in enumerate(_LINE_END.split(text), start=1):
        line = written.lstrip(_INVISIBLE)
        content = line.strip(_WHITE_SPACE)
        if not content or content.startswith("#"):
            continue
        if line[0] not in _WHITE_SPACE:
            blocks.append(_Block(number, line, []))
            continue
        if not blocks:
            raise ScheduleError(
                "begins with white space, so it continues the prompt above it, but there is none; "
                "remove the white space in front",
                line=number,
                text=_shortened(line),
            )
        blocks[-1].continued.append(content)
        if begins_like_an_entry(content):
            notes.append(
                f"line {number} begins with white space, so it continues the prompt of line {blocks[-1].number}, "
                f"although it looks like an entry of its own: {_shortened(content)!r}."
            )
    return blocks


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
