"""The saved video is as long as the song."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import LOOP_CLOSES
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="frames beyond the end of the song are cut off",
    seen="several seconds without sound at the end",
    why="the last window is made whole, though the song ends within it",
    mend="set trim_to_audio to true, or save with StreamingVideoSave",
)
def video_ends_with_audio(subject: Subject) -> Iterator[Finding]:
    """Looks at VHS_VideoCombine behind a loop."""
    flow = subject.flow
    for node in flow.of_type("VHS_VideoCombine"):
        behind = {origin.type for origin in flow.upstream(node, "images")}
        if not behind & LOOP_CLOSES or "TrimImageBatchToAudio" in behind:
            continue
        if flow.feeding(node, "audio") is not None and flow.value(node, "trim_to_audio") is False:
            yield Finding(node, "trim_to_audio is false and nothing else cuts the frames")
