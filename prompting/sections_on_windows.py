"""Sections of a song on the windows of its video: which section is seen in each window, and where long ones are split.

A window shows the section that most of its visible stretch belongs to. If one boundary lies in a window, that is the same
as taking the visible boundary nearest to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from ..audio.analysis.song_analysis import Section
from ..loop_control.plan import LoopPlan
from .visible_boundaries import video_end

PIECE_SECONDS = 20
"""Length of the pieces that a long section is split into, as near as windows allow."""

MONTAGE_PIECE_SECONDS = 12


@dataclass(frozen=True)
class ShownPiece:
    """Windows next to each other that show one section.

    Attributes:
        section: Number of the section.
        position: Number of the piece within it.
        first_window: Its first window.
        last_window: Its last, inclusive.
        start: Second of the video from which it is seen, exact.
        end: Second at which the next begins, or the video ends.
    """

    section: int
    position: int
    first_window: int
    last_window: int
    start: Fraction
    end: Fraction


def pieces_of(sections: Sequence[Section], plan: LoopPlan, *, is_montage: bool = False) -> tuple[ShownPiece, ...]:
    """The pieces of a video, in order; they cover it.

    Args:
        sections: In order; they cover the song.
        plan: The song's windows.
        is_montage: Whether pieces are as short as `MONTAGE_PIECE_SECONDS`.
    """
    times = _visible(plan)
    target = MONTAGE_PIECE_SECONDS if is_montage else PIECE_SECONDS
    pieces: list[ShownPiece] = []
    shown = _shown(sections, times)
    for section, group in groupby(range(len(shown)), key=lambda window: shown[window]):
        windows = list(group)
        length = times[windows[-1] + 1] - times[windows[0]]
        count = max(1, min(len(windows), int(length / target + Fraction(1, 2))))
        for position in range(count):
            first = windows[position * len(windows) // count]
            last = windows[(position + 1) * len(windows) // count - 1]
            pieces.append(ShownPiece(section, position, first, last, times[first], times[last + 1]))
    return tuple(pieces)


def _visible(plan: LoopPlan) -> list[Fraction]:
    """The second from which each window is seen, and at last the end of the video."""
    return [*(plan.visible_from(window) for window in range(plan.iterations + 1)), video_end(plan)]


def _shown(sections: Sequence[Section], times: Sequence[Fraction]) -> list[int]:
    """Number of the section that each window shows; the later one of two that have as much of it."""
    shown: list[int] = []
    first = 0
    for start, end in pairwise(times):
        while first < len(sections) - 1 and sections[first].end_seconds <= start:
            first += 1
        best, most = first, -1.0
        for number in range(first, len(sections)):
            section = sections[number]
            if number > first and section.start_seconds >= end:
                break
            part = min(section.end_seconds, float(end)) - max(section.start_seconds, float(start))
            if part >= most:
                best, most = number, part
        shown.append(best)
    return shown
