"""The case: one finished video and what is known of how it was made."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

from ..loop_control.plan import LoopPlan
from ..watching.watched_video import WatchedVideo


@dataclass(frozen=True)
class Case:
    """A video and its origin. Whatever is None is not known, and a detector that needs it says so in `not_measured`.

    Attributes:
        video: The video, watched.
        plan: Where its windows lie.
        song: The file that the video was made for.
        schedule: Its prompts over time, as text.
        song_start_seconds: Second of the song that the video begins with, if its workflow trims the song.
    """

    video: WatchedVideo
    plan: LoopPlan | None = None
    song: Path | None = None
    schedule: str | None = None
    song_start_seconds: float = 0.0

    @property
    def cuts_px(self) -> tuple[int, ...]:
        """Frames at which the new frames of a window after the first begin, W + (k - 1) S; none without a plan."""
        if self.plan is None:
            return ()
        starts = (window.new_start_px for window in self.plan.windows[1:])
        return tuple(start for start in starts if 0 < start < len(self.video.frames))

    def window_at(self, frame: int) -> int | None:
        """The window that added a frame to the video; None without a plan."""
        return None if self.plan is None else sum(cut <= frame for cut in self.cuts_px)

    def windows_px(self) -> tuple[tuple[int, int], ...]:
        """Frames [start, stop) that each window added; without a plan the whole video is one."""
        edges = (0, *self.cuts_px, len(self.video.frames))
        return tuple(itertools.pairwise(edges))
