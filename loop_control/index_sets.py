"""Numbers of windows as people write them: "3, 5-7", and takes: "7: 2, 9: 1"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .errors import PlanError

HIGHEST_WINDOW = 100_000

_RANGE = re.compile(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?")
_TAKE = re.compile(r"\s*(\d+)\s*:\s*(\d+)\s*")


def parse_windows(text: str) -> frozenset[int]:
    """The windows in a text like `3, 5-7` (both ends included); none in an empty one.

    Raises:
        PlanError: A part is no number and no range, a range ends before it starts, or a number is too high.
    """
    chosen: set[int] = set()
    for part in _parts(text):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise PlanError(f"{part.strip()!r} is no number of a window; write numbers and ranges such as '3, 5-7'")
        first = int(match[1])
        last = int(match[2] or first)
        if last < first:
            raise PlanError(f"the range {part.strip()!r} ends before it starts; write {last}-{first}")
        if last > HIGHEST_WINDOW:
            raise PlanError(f"window {last} in {part.strip()!r} is too high; there are at most {HIGHEST_WINDOW}")
        chosen.update(range(first, last + 1))
    return frozenset(chosen)


def parse_takes(text: str) -> dict[int, int]:
    """Window -> number of the take (from 1, in order of making) in a text like `7: 2, 9: 1`.

    Raises:
        PlanError: A part is not of this form, a take is 0, or a window stands twice.
    """
    takes: dict[int, int] = {}
    for part in _parts(text):
        match = _TAKE.fullmatch(part)
        if match is None:
            raise PlanError(f"{part.strip()!r} chooses no take; write 'window: take', such as '7: 2, 9: 1'")
        window, take = int(match[1]), int(match[2])
        if take == 0:
            raise PlanError(f"takes are numbered from 1; write '{window}: 1' for the first")
        if window in takes:
            raise PlanError(f"window {window} is given two takes; keep one")
        takes[window] = take
    return takes


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,\n]", text) if part.strip()]


def ranges_text(windows: Iterable[int]) -> str:
    """The reverse of `parse_windows`, for people: "0 to 2, 5"."""
    ranges: list[list[int]] = []
    for each in sorted(set(windows)):
        if ranges and ranges[-1][-1] == each - 1:
            ranges[-1][1:] = [each]
        else:
            ranges.append([each])
    return ", ".join(" to ".join(map(str, each)) for each in ranges)
