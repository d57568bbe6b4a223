"""Errors of streaming a video."""

from __future__ import annotations

from pathlib import Path


class VideoError(ValueError):
    """A request that no video can be made from. The message names the value, the rule and what would work."""


class VideoWriteError(OSError):
    """Writing stopped half-way (a full disk, a lost folder). What was written so far stays on disk and plays.

    Attributes:
        partial: The unfinished file or folder, or None if not one frame was written.
        frames_written: Frames handed to the encoder before the failure.
    """

    def __init__(self, message: str, partial: Path | None, frames_written: int) -> None:
        super().__init__(message)
        self.partial = partial
        self.frames_written = frames_written
