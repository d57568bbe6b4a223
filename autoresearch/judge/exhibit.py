"""The exhibit: a finished video and what is known of it, as the judge sees it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...loop_control.plan import LoopPlan


@dataclass(frozen=True)
class Exhibit:
    """One finished video. Whatever is None is not known, and a metric that needs it says so.

    Attributes:
        video: The file.
        plan: Where its windows lie.
        song: The file that it was made for.
        schedule: Its prompts over time.
        image: The picture that it began with.
        attention: The trace of its attention calls, JSON lines.
        seconds: Time from the start of the render to its end.
    """

    video: Path
    plan: LoopPlan | None = None
    song: Path | None = None
    schedule: str | None = None
    image: Path | None = None
    attention: bytes | None = None
    seconds: float | None = None
