"""Sections of a song on the windows of its video: which section is seen in each window, and where long ones are split.

1. A section that begins within `NEAR_SECONDS` of a moment at which the picture can change is seen from there.
2. Else a window shows the section that most of its visible stretch belongs to. If one boundary lies in a window, that is the
   same as taking the visible boundary nearest to it.
3. A section that would so be seen nowhere takes the window that it has most of, if that is at least a third, and if the section
   that gives it away is seen elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from ..audio.analysis.song_analysis import Section
from ..loop_control.plan import LoopPlan
from .heard import Ear
from .visible_boundaries import video_end
from .vocabulary.actions import LASTING, Heard

NEAR_SECONDS = 1.0
"""A section is seen at its beginning if it is seen as near to it as this."""

ENOUGH_TO_BE_SEEN = 1 / 3

PIECE_SECONDS = 20
"""Length of the pieces that a long section is split into: as many windows as it holds, at least one."""

MONTAGE_PIECE_SECONDS = 12


@dataclass(frozen=True)
class ShownPiece:
    """Windows next to each other that show one section.

    Attributes:
        section: Number of the section.
        position: Number of the piece among those of neighbouring sections of the same material.
        heard: What is heard in it.
        first_window: Its first window.
        last_window: Its last, inclusive.
        start: Second of the video from which it is seen, exact.
        end: Second at which the next begins, or the video ends.
    """

    section: int
    position: int
    heard: Heard
    first_window: int
    last_window: int
    start: Fraction
    end: Fraction


def pieces_of(sections: Sequence[Section], plan: LoopPlan, ear: Ear, *, is_montage: bool = False) -> tuple[ShownPiece, ...]:
    """The pieces of a video, in order; they cover it. In each, one thing is heard.

    Args:
        sections: In order; they cover the song.
        plan: The song's windows.
        ear: Tells what is heard in a window.
        is_montage: Whether pieces are as short as `MONTAGE_PIECE_SECONDS`.
    """
    times = _visible(plan)
    count = len(times) - 1
    shown = sections_shown(sections, times)
    heard = [
        ear.heard(float(start), float(end), is_first=index == 0, is_last=0 < index == count - 1)
        for index, (start, end) in enumerate(pairwise(times))
    ]
    most = max(1, int((MONTAGE_PIECE_SECONDS if is_montage else PIECE_SECONDS) / plan.stride))
    pieces: list[ShownPiece] = []
    for (section, sound), group in groupby(range(count), key=lambda window: (shown[window], heard[window])):
        windows = list(group)
        parts = -(-len(windows) // most) if sound in LASTING else len(windows)
        for part in range(parts):
            first = windows[part * len(windows) // parts]
            last = windows[(part + 1) * len(windows) // parts - 1]
            goes_on = bool(pieces) and sections[pieces[-1].section].letter == sections[section].letter
            position = pieces[-1].position + 1 if goes_on else 0
            pieces.append(ShownPiece(section, position, sound, first, last, times[first], times[last + 1]))
    return tuple(pieces)


def _visible(plan: LoopPlan) -> list[Fraction]:
    """The second from which each window is seen that is seen at all, and at last the end of the video."""
    end = video_end(plan)
    starts = (plan.visible_from(window) for window in range(plan.iterations + 1))
    return [*(start for start in starts if start < end), end]


def sections_shown(sections: Sequence[Section], times: Sequence[Fraction]) -> tuple[int, ...]:
    """Number of the section that each window shows, never falling.

    Args:
        sections: In order; they cover the song.
        times: The second from which each window is seen, and at last the end of the video.
    """
    low, high = _bounds(sections, times)
    parts = _parts(sections, times)
    shown: list[int] = []
    for window, had in enumerate(parts):
        least = max(low[window], shown[-1] if shown else 0)
        allowed = [number for number in had if least <= number <= high[window]]
        # The later one of two that have as much of it, as everywhere a half goes up.
        shown.append(max(allowed, key=lambda number: (had[number], number)) if allowed else least)
    return _with_lost_sections(shown, parts, low, high)


def _with_lost_sections(
    shown: list[int], parts: Sequence[dict[int, float]], low: Sequence[int], high: Sequence[int]
) -> tuple[int, ...]:
    """Rule 3."""
    best: dict[int, int] = {}
    for window, had in enumerate(parts):
        for number, part in had.items():
            if number not in best or part > parts[best[number]][number]:
                best[number] = window
    counts = Counter(shown)
    for number, window in sorted(best.items()):
        is_enough = parts[window][number] >= ENOUGH_TO_BE_SEEN and low[window] <= number <= high[window]
        before = shown[window - 1] if window else 0
        after = shown[window + 1] if window + 1 < len(shown) else number
        if not counts[number] and is_enough and counts[shown[window]] > 1 and before <= number <= after:
            counts[shown[window]] -= 1
            counts[number] += 1
            shown[window] = number
    return tuple(shown)


def _bounds(sections: Sequence[Section], times: Sequence[Fraction]) -> tuple[list[int], list[int]]:
    """For each window the first and the last section that it may show, by rule 1."""
    count = len(times) - 1
    low, high = [0] * count, [len(sections) - 1] * count
    starts = [float(time) for time in times[:-1]]
    for number, section in enumerate(sections[1:], start=1):
        behind = bisect_left(starts, section.start_seconds)
        near = [window for window in (behind - 1, behind) if 0 < window < count]
        if not near:
            continue
        window = min(near, key=lambda each: abs(starts[each] - section.start_seconds))
        if abs(starts[window] - section.start_seconds) <= NEAR_SECONDS:
            low[window] = max(low[window], number)
            high[window - 1] = min(high[window - 1], number - 1)
    for window in range(1, count):
        low[window] = max(low[window], low[window - 1])
    for window in reversed(range(count - 1)):
        high[window] = min(high[window], high[window + 1])
    return low, high


def _parts(sections: Sequence[Section], times: Sequence[Fraction]) -> list[dict[int, float]]:
    """For each window the part of what is seen of it that each section has."""
    parts: list[dict[int, float]] = []
    first = 0
    for start, end in pairwise(float(time) for time in times):
        while first < len(sections) - 1 and sections[first].end_seconds <= start:
            first += 1
        had: dict[int, float] = {}
        for number in range(first, len(sections)):
            section = sections[number]
            if number > first and section.start_seconds >= end:
                break
            until = end if number == len(sections) - 1 else min(section.end_seconds, end)
            had[number] = (until - max(section.start_seconds, start)) / (end - start)
        parts.append({number: part for number, part in had.items() if part > 0} or {first: 1.0})
    return parts
