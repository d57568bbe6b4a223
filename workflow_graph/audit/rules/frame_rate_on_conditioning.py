"""The model is told the frame rate with every prompt."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import BATCH_ENCODER, CONDITIONINGS
from ...reading.flow import Flow, FlowNode
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

ASSUMED = 25
"""Frames per second that ComfyUI tells the model if the conditioning holds none (comfy/model_base.py)."""


@rule(
    severity=ERR,
    summary="every conditioning that is sampled holds frame_rate (LTXVConditioning, or frame_rate of the batch encoder)",
    seen="motion at the wrong speed, and subjects that drift from window to window",
    why="windows whose prompts hold different rates are sampled as different kinds of video",
    mend="python scripts/apply_batch_encode_fix.py FILE",
    by_hand="lead it through LTXVConditioning with the rate of the video",
)
def frame_rate_on_conditioning(subject: Subject) -> Iterator[Finding]:
    """Looks for text that reaches a guider without a frame rate."""
    flow, parts = subject.flow, subject.parts
    fps = parts.fps
    for sampler in parts.samplers:
        guider = parts.guider(sampler)
        for name in CONDITIONINGS:
            found = flow.upstream(guider, name, kinds=("CONDITIONING",), without=("LTXVConditioning",))
            bare = next((node for node in found if _encodes(flow, node)), None)
            if bare is not None:
                assumed = fps is None or fps == ASSUMED
                yield Finding(
                    guider,
                    f"its {name} comes from {bare} and holds no frame_rate; ComfyUI then assumes {ASSUMED}",
                    severity=WARN if assumed else ERR,
                )


def _encodes(flow: Flow, node: FlowNode) -> bool:
    takes_clip = any(flow.data_type(source) == "CLIP" for _, source in node.sources())
    if node.type == BATCH_ENCODER:
        return flow.number(node, "frame_rate") == 0
    return takes_clip
