"""A finished run before the judge: what the workflow says of its plan and words, beside the video."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..farm.graph import STAGES, of_type
from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan
from ..loop_control.window_order import ANCHORS_FIRST
from ..preflight.planning import planned_by
from ..preflight.song import read_song
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .judge.exhibit import Exhibit
from .judge.scorecard import score
from .settings import Nodes


def judged(
    video: Path, prompt: Nodes, song: Path, image: Path | None, attention: bytes | None, seconds: float | None
) -> dict[str, Any]:
    """The scorecard of a run.

    Args:
        video: The finished video.
        prompt: The workflow that made it, API form.
        song: The song's file.
        image: The picture's file.
        attention: The trace of its attention calls.
        seconds: Time from the start of the render to its end.

    Raises:
        WatchError: The file is no video that can be watched.
    """
    return score(Exhibit(video, plan_of(prompt, song), song, schedule_of(prompt), image, attention, seconds))


def plan_of(prompt: Nodes, song: Path) -> LoopPlan | None:
    """The plan of the windows in the finished video; None if the workflow has none, or cannot be planned."""
    try:
        facts = read_song(song)
    except PlanError:
        return None
    flow = Flow(dict(prompt), Schemas.load())
    is_finish = any(prompt[node_id]["inputs"].get("stage") == "finish" for node_id in of_type(prompt, STAGES))
    planners = flow.of_type("AudioLoopPlanner")
    # The finish of two stages is planned with anchors first, its draft in turn.
    ordered = sorted(planners, key=lambda node: (prompt[node.id]["inputs"].get("order") == ANCHORS_FIRST) != is_finish)
    return planned_by(flow, ordered[0], facts).plan if ordered else None


def schedule_of(prompt: Nodes) -> str | None:
    """The prompts over time; None if the workflow has none as text."""
    texts = [prompt[node_id]["inputs"].get("schedule") for node_id in of_type(prompt, "AudioLoopPrompts")]
    return next((text for text in texts if isinstance(text, str)), None)
