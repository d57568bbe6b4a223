"""Prompts are encoded before the loop."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="no text encoder runs inside the loop",
    seen="things that the negative prompt rules out come back from the second iteration on; every iteration takes longer",
    why="loading the text encoder evicts the video model in every iteration, and attention patches are left behind",
    mend="python scripts/apply_batch_encode_fix.py FILE",
    by_hand="encode before the loop: TimestampPromptScheduleBatchEncode, then ConditioningSelectByIteration in the loop",
)
def text_encoder_outside_loop(subject: Subject) -> Iterator[Finding]:
    """Looks for nodes in a loop's body that take a CLIP."""
    for loop in subject.parts.loops:
        for node in loop.body.values():
            if any(subject.flow.data_type(source) == "CLIP" for _, source in node.sources()):
                yield Finding(node, f"encodes text in every iteration of the loop that begins at {loop.open}")
