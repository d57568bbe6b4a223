"""The loop's guide is made from the same prepared picture as the initial render."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import GUIDES, STARTS
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="the loop's picture guide and the start picture go through the same LTXVPreprocess",
    seen="in some renders a stranger, often with a microphone, replaces the subject after the first window",
    why="the guide differs from what the video began with, and the model drifts across the difference",
    mend="python scripts/apply_loop_guide_preprocess_symmetry.py FILE",
    by_hand="lead the loop's picture through the LTXVPreprocess of the initial render",
)
def preprocess_symmetry(subject: Subject) -> Iterator[Finding]:
    """Compares what happens to the picture before the initial render and before the loop's guide."""
    flow, parts = subject.flow, subject.parts
    starts = [node for node in flow.of_type(STARTS) if node.id not in parts.in_loop]
    usual = {value for node in starts for value in parts.compressions(node, STARTS[node.type])}
    prepared = [node for node in starts if parts.bare_picture(node, STARTS[node.type]) is None]
    if not usual or not prepared:
        return
    for node in flow.of_type(GUIDES, STARTS):
        if node.id not in parts.in_loop:
            continue
        name = {**GUIDES, **STARTS}[node.type]
        picture = parts.bare_picture(node, name)
        if picture is not None:
            yield Finding(
                node,
                f"gets the picture of {picture} without LTXVPreprocess; the initial render gets it through one "
                f"(img_compression {_listing(usual)})",
            )
            continue
        values = parts.compressions(node, name)
        if values and values != usual:
            yield Finding(
                node,
                f"gets the picture with img_compression {_listing(values)}, the initial render with {_listing(usual)}",
                severity=WARN,
            )


def _listing(values: set[int | float]) -> str:
    return ", ".join(f"{value:g}" for value in sorted(values))
