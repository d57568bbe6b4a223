"""The graph that a video was made by, as the doctor needs it: song, picture, plan and schedule of the node that saved it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.plan import LoopPlan
from ..preflight.planning import planned_by, planner_of
from ..workflow_graph.reading.flow import Flow, FlowNode
from ..workflow_graph.reading.schedules import written_schedules

_KEEPS, _TRIM, _LOADER, _PICTURE = "IterationCheckpoint", "TrimAudioDuration", "LoadAudio", "LoadImage"


@dataclass(frozen=True)
class SongInGraph:
    """The sound of a video, as its graph loads it.

    Attributes:
        name: Of the file, as Load Audio has it.
        start_seconds: What is cut off in front.
        duration_seconds: What is left at most; None if nothing is cut off behind.
    """

    name: str
    start_seconds: Fraction = Fraction(0)
    duration_seconds: Fraction | None = None


@dataclass(frozen=True)
class GraphOfVideo:
    """The part of a graph that leads to one saved video.

    Attributes:
        flow: The graph.
        saver: The node that saved it.
    """

    flow: Flow
    saver: FlowNode

    def song(self) -> SongInGraph | None:
        """The sound that the saver got; None if something else than a file and a cut makes it."""
        start, duration = Fraction(0), None
        node = self.flow.feeding(self.saver, "audio")
        for _ in self.flow.nodes:
            if node is None:
                return None
            if node.type == _LOADER:
                name = self.flow.value(node, "audio")
                return SongInGraph(name, start, duration) if isinstance(name, str) and name else None
            if node.type == _TRIM:
                cut, length = self.flow.number(node, "start_index"), self.flow.number(node, "duration")
                if cut is None or cut < 0 or start or duration is not None:
                    return None
                start, duration = Fraction(cut), None if length is None else Fraction(length)
            node = self.flow.feeding(node, "audio")
        return None

    def picture(self) -> str:
        """Name of the picture, as Load Image has it; "" if there is none or there are several."""
        found = [node for node in self.flow.upstream(self.saver) if node.type == _PICTURE]
        name = self.flow.value(found[0], "image") if len(found) == 1 else None
        return name if isinstance(name, str) else ""

    def plan(self, song: AudioFacts) -> LoopPlan | None:
        """The plan of the windows that the video was put together from: that of the last stage; None if the graph does not
        say it.

        Args:
            song: The song's file, whole.
        """
        keepers = [node for node in self.flow.upstream(self.saver, "latent") if node.type == _KEEPS]
        # Of two stages the last is meant: what keeps its windows lies before no other.
        earlier = {before for node in keepers for before in self.flow.upstream(node) if before is not node}
        last = next((node for node in keepers if node not in earlier), None)
        planner = None if last is None else self.flow.feeding(last, "plan")
        planner = planner or planner_of(self.flow)
        return None if planner is None else planned_by(self.flow, planner, song).plan

    def schedule(self) -> str | None:
        """The prompts over time, as they are written; None if there is not one text of them."""
        before = self.flow.upstream(self.saver)
        texts = {text for node, text in written_schedules(self.flow) if node in before and text.strip()}
        return texts.pop() if len(texts) == 1 else None
