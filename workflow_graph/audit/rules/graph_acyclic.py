"""Nothing feeds itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, Finding, rule
from ..subject import Subject


@rule(
    severity=ERR,
    summary="no node feeds itself, through subgraphs and Set/Get pairs",
    seen="no video: ComfyUI reports a dependency cycle",
    why="each node of the circle waits for the others",
    mend="cut one of the links that the finding names",
    needs_flow=False,
)
def graph_acyclic(subject: Subject) -> Iterator[Finding]:
    """Reports nodes that feed themselves, and subgraphs that contain themselves."""
    for violation in subject.violations:
        if violation.code in ("cycle", "recursive_subgraph"):
            yield Finding(violation.where, violation.message)
