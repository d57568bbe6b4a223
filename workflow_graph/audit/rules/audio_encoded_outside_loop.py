"""The song is encoded once, before the loop."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import AUDIO_ENCODERS
from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="the audio is encoded once and sliced, instead of being cut and encoded in every iteration",
    seen="nothing, but every iteration takes longer",
    why="the audio encoder is loaded in every iteration, and may evict the video model",
    mend="python scripts/modernize_workflow.py FILE -o NEW",
    by_hand="encode the whole song before the loop with AudioLoopEncodeSong and cut it in the loop with AudioLatentWindow",
)
def audio_encoded_outside_loop(subject: Subject) -> Iterator[Finding]:
    """Looks for audio encoders in a loop's body."""
    for loop in subject.parts.loops:
        for node in loop.body.values():
            if node.type in AUDIO_ENCODERS:
                yield Finding(node, f"encodes audio in every iteration of the loop that begins at {loop.open}")
