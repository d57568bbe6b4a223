"""A schedule in what somebody answered: code fences around it and chatter before and behind it are left out, and it is said.

What is left out becomes empty lines, so that the number of every line stays. Nothing is left out that could be an entry:
such a line is given to the parser, which says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...loop_control.excerpt import excerpt
from ...schedule.times import begins_like_a_time, begins_like_an_entry

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<about>[^`]*)$")
# What a list, a table or bold letters put in front of a time: nothing of the kind is part of a schedule.
_DECORATION = re.compile(r"^[\s>*_`|\[(•·–—-]*(?:[0-9]+[.)]\s+)?[\s>*_`|\[(•·]*")
_CLOCK = re.compile(r"[0-9]+:[0-9]{2}(?![0-9])")
_LIST_NUMBER = re.compile(r"\s*[0-9]+[.)]\s")
_MOST_TOLD = 12


class ExtractionError(ValueError):
    """No schedule, or more than one. The message says what to do.

    Attributes:
        nearest: The nearest that would be right.
        line: Line at which it shows, from 1; None for the whole text.
    """

    def __init__(self, message: str, nearest: str, line: int | None = None) -> None:
        super().__init__(message)
        self.nearest, self.line = nearest, line


@dataclass(frozen=True)
class Extracted:
    """The schedule in an answer.

    Attributes:
        text: The schedule, with empty lines for what was left out.
        ignored: A sentence for each part that was left out.
    """

    text: str
    ignored: tuple[str, ...]


def extract(answer: str) -> Extracted:
    """Finds the schedule in an answer.

    Raises:
        ExtractionError: No line begins with a time and a colon, or different schedules are in several code fences.
    """
    lines = _LINE_END.split(answer)
    fences = _fences(lines)
    holding = [fence for fence in fences if any(map(is_entry_like, lines[fence.first : fence.stop]))]
    if len({tuple(lines[fence.first : fence.stop]) for fence in holding}) > 1:
        at = ", ".join(f"{fence.first}" for fence in holding)
        raise ExtractionError(
            f"there are {len(holding)} different schedules, in the code fences of lines {at}",
            "send one schedule",
            holding[1].first,
        )
    if holding:
        first, stop = holding[0].first, holding[0].stop
        outside = [
            number
            for number, line in enumerate(lines)
            if is_entry_like(line) and not any(fence.first <= number < fence.stop for fence in holding)
        ]
        if outside:
            raise ExtractionError(
                f"one part of the schedule is in the code fence of line {first}, another is not: "
                f"{_shortened(lines[outside[0]])!r}",
                "put all entries together",
                outside[0] + 1,
            )
    else:
        found = [number for number, line in enumerate(lines) if is_entry_like(line)]
        if not found:
            raise _no_entry(answer, lines)
        first, stop = found[0], _end_of(lines, found[-1])
    kept = [line if first <= number < stop else "" for number, line in enumerate(lines)]
    told = _told(lines, first, stop)
    return Extracted("\n".join(kept), excerpt(len(told), told.__getitem__, "lines", most=_MOST_TOLD))


def is_entry_like(line: str) -> bool:
    """True if a line could be meant as an entry, bold letters, list signs and table borders in front of its time or not."""
    if line[:1].isspace() and not begins_like_an_entry(line.strip()):
        return False
    bare = _DECORATION.sub("", line)
    if begins_like_an_entry(bare) or _CLOCK.match(bare):
        return True
    return begins_like_a_time(line) and not _LIST_NUMBER.match(line)


@dataclass(frozen=True)
class _Fence:
    """Lines `[first, stop)` between two fences, numbered from 0."""

    first: int
    stop: int


def _fences(lines: list[str]) -> list[_Fence]:
    found: list[_Fence] = []
    opened: int | None = None
    sign = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match is None:
            continue
        if opened is None:
            opened, sign = number + 1, match["fence"]
        elif match["fence"].startswith(sign) and not match["about"].strip():
            found.append(_Fence(opened, number))
            opened = None
    if opened is not None:
        found.append(_Fence(opened, len(lines)))
    return found


def _end_of(lines: list[str], last: int) -> int:
    """Behind the last entry and the indented lines that continue it."""
    stop = last + 1
    while stop < len(lines) and lines[stop].strip() and lines[stop][0].isspace():
        stop += 1
    return stop


def _told(lines: list[str], first: int, stop: int) -> list[str]:
    outside = [n for n, line in enumerate(lines) if line.strip() and not line.startswith("#") and not first <= n < stop]
    return [f"line {number + 1} was left out: {_shortened(lines[number].strip())!r}" for number in outside]


def _no_entry(answer: str, lines: list[str]) -> ExtractionError:
    text = " ".join(line.strip() for line in lines if line.strip())
    if not text:
        return ExtractionError("the text is empty", "0:00+: a prompt")
    if text[0] in "[{" and re.search(r'"\s*:|"\s*,|"\s*\]', text):
        return ExtractionError(
            "this is JSON, and no line begins with a time and a colon", "write lines such as 0:00+: a prompt", 1
        )
    only = (
        f"0:00+: {_shortened(text)}" if len(lines) < 4 and not _FENCE.match(answer) else "write lines such as 0:00+: a prompt"
    )
    return ExtractionError("no line begins with a time and a colon", only, None)


def _shortened(text: str) -> str:
    return text if len(text) <= 70 else text[:67] + "..."
