"""Where windows lie in time, and which one a second of the song belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..loop_control.units import round_half_up

SnapTo = Literal["visible", "window_start"]
"""The moment of a window that times are compared with: when its new frames are seen, or (the older rule) its start."""


@dataclass(frozen=True)
class WindowGrid:
    """The windows of a loop, as far as a schedule must know them. All seconds are exact.

    Attributes:
        stride: From one window's start to the next.
        iterations: Number of the last window, None if it is unknown.
        overlap: Effective overlap, None if it is unknown.
        end: Second at which the video ends, None if it is unknown.
        snap: False if nothing is moved and each window takes what holds at its time.
        snap_to: The rule in force; `"visible"` only if the overlap is known.
        anchor_overlap: Takes the place of `overlap` for the even windows from 2 on, if they are made first; else None.
    """

    stride: Fraction
    iterations: int | None
    overlap: Fraction | None
    end: Fraction | None
    snap: bool
    snap_to: SnapTo
    anchor_overlap: Fraction | None = None

    def start(self, window: int) -> Fraction:
        """Second at which `window` starts."""
        return window * self.stride

    def visible_from(self, window: int) -> Fraction | None:
        """Second of the video at which the new frames of `window` begin; None if the overlap is unknown."""
        if window == 0:
            return Fraction(0)
        overlap = self.overlap if window % 2 or self.anchor_overlap is None else self.anchor_overlap
        return None if overlap is None else self.start(window) + overlap

    def time(self, window: int) -> Fraction:
        """The second of `window` that times of a schedule are compared with."""
        visible = self.visible_from(window)
        return visible if self.snap_to == "visible" and visible is not None else self.start(window)

    def window_at(self, seconds: Fraction) -> int:
        """The window at which an entry begins that is asked for at `seconds`; it may lie behind the last.

        With `snap` the one whose time is nearest, half-way up; without, the first whose time is not before it.
        """
        if self.snap_to == "window_start":
            return round_half_up(seconds / self.stride) if self.snap else math.ceil(seconds / self.stride)
        window = self._seen_at(seconds)
        if self.iterations is not None and self.end is not None and seconds >= self.end:
            # The last window may be the nearest, but what begins when the video is over is not seen in it.
            return max(window, self.iterations + 1)
        return window

    def _seen_at(self, seconds: Fraction) -> int:
        if seconds <= 0:
            return 0
        later = max(1, math.ceil((seconds - (self.overlap or 0)) / self.stride))
        if self.time(later) < seconds:
            later += 1  # An anchor is seen earlier than the window of the same number in turn.
        is_nearer = 2 * seconds >= self.time(later - 1) + self.time(later)
        return later if is_nearer or not self.snap else later - 1
