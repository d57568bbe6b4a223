"""The nodes that a loop drives run in every iteration."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="every node that a loop drives leads to the loop's end",
    seen="something that should happen in every window happens once, or not at all",
    why="only what leads to the closing node is repeated",
    mend="lead it to `processed` of the closing node, or take it out of the loop",
)
def loop_body_containment(subject: Subject) -> Iterator[Finding]:
    """Looks for nodes that depend on a loop's beginning and not on its end, and do not lead there."""
    flow = subject.flow
    for loop in subject.parts.loops:
        if loop.close is None:
            yield Finding(
                loop.open,
                "no closing node reads its flow_control",
                seen="the video is one window long",
                why="a loop without an end never runs",
                mend="connect flow_control to TensorLoopClose",
            )
            continue
        after = {node.id for node in flow.downstream(loop.close)} | {loop.close.id}
        for node in flow.downstream(loop.open):
            if node.id in after or node.id in loop.body:
                continue
            shows = node.schema is not None and node.schema.is_output
            yield Finding(
                node,
                f"is driven by {loop.open} but does not lead to {loop.close}: it runs once",
                severity=WARN if shows else ERR,
            )
