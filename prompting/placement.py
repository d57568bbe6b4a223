"""How near the picture changes to where the song does."""

from __future__ import annotations

from dataclasses import dataclass

from ..audio.analysis.song_analysis import SongAnalysis
from ..loop_control.plan import LoopPlan
from ..schedule.parser import parse_schedule
from ..schedule.snapping import snap_to_plan
from .sections_on_windows import NEAR_SECONDS
from .song_schedule import SongSchedule
from .visible_boundaries import video_end, visible_boundaries


@dataclass(frozen=True)
class Placement:
    """Distances between boundaries of sections and changes of the picture.

    Attributes:
        near_seconds: For each boundary between sections, its distance to the nearest change.
        best_near_seconds: For each, its distance to the nearest visible boundary, which is the best that there can be.
    """

    near_seconds: tuple[float, ...]
    best_near_seconds: tuple[float, ...]

    @property
    def mean_seconds(self) -> float:
        """Mean of `near_seconds`."""
        return sum(self.near_seconds) / len(self.near_seconds)

    @property
    def missed(self) -> int:
        """How many boundaries have no change within `NEAR_SECONDS`, though there could be one."""
        pairs = zip(self.near_seconds, self.best_near_seconds, strict=True)
        return sum(near > NEAR_SECONDS >= best for near, best in pairs)

    @property
    def best_seconds(self) -> float:
        """Mean of `best_near_seconds`."""
        return sum(self.best_near_seconds) / len(self.best_near_seconds)


def placement(written: SongSchedule, plan: LoopPlan, analysis: SongAnalysis) -> Placement | None:
    """Measures a written schedule; None if the song has one section only, or the video one window."""
    end = float(video_end(plan))
    steps = snap_to_plan(parse_schedule(written.text), plan).steps
    seen = (float(plan.visible_from(window)) for window, _ in steps[1:] if window <= plan.iterations)
    changes = [second for second in seen if second < end]
    possible = [float(each) for each in visible_boundaries(plan)[1:] if each < end]
    asked = [section.start_seconds for section in analysis.sections if 0 < section.start_seconds < end]
    if not asked or not changes:
        return None
    return Placement(
        tuple(min(abs(each - change) for change in changes) for each in asked),
        tuple(min(abs(each - boundary) for boundary in possible) for each in asked),
    )
