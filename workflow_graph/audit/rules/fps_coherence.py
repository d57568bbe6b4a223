"""All nodes count with the same frames per second."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import BATCH_ENCODER, CONTROLLER, PLANNER
from ..rule import ERR, Finding, rule
from ..subject import Subject

RATES = {
    CONTROLLER: "fps",
    PLANNER: "fps",
    "CreateVideo": "fps",
    "LTXFramePlanner": "fps",
    "LTXVAudioVideoMask": "video_fps",
    "LTXVConditioning": "frame_rate",
    "StreamingVideoSave": "fps",
    BATCH_ENCODER: "frame_rate",
    "TrimImageBatchToAudio": "fps",
    "TrimVideoLatentToAudio": "fps",
    "VHS_VideoCombine": "frame_rate",
}
"""Node types that count frames -> the input that says how many a second has."""


@rule(
    severity=ERR,
    summary="controller, planner, masks, conditioning and the saved video have the same frames per second",
    seen="lips that drift further from the song the longer it plays, or windows that hardly move",
    why="seconds become frames at one rate and seconds again at another",
    mend="wire all of them to one number; python scripts/workflow.py show FILE lists them",
)
def fps_coherence(subject: Subject) -> Iterator[Finding]:
    """Compares every rate written in the graph with that of the loop."""
    flow, usual = subject.flow, subject.parts.fps
    if usual is None:
        return
    for node in flow.of_type(RATES):
        name = RATES[node.type]
        value = flow.number(node, name)
        # Zero tells an encoder to write no rate at all, see frame_rate_on_conditioning.
        if value and abs(value - usual) > 1e-6:
            yield Finding(node, f"{name} is {value:g}, the loop counts with {usual:g}")
