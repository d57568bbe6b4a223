"""All forms of every link agree."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

_OTHERS = frozenset({"cycle", "recursive_subgraph", "set_get"})
"""Invariants that rules of their own report."""

_COSMETIC = frozenset({"boundary", "last_id"})
"""Faults that the frontend mends when it loads the file."""


@rule(
    severity=ERR,
    summary="each link is in exactly one output list and one input, and no id is dead or used twice",
    seen="the graph that is shown is not the graph that runs",
    why="a link is written in several places, and a program that edits files by hand forgot one",
    mend="python scripts/workflow.py repair FILE -o NEW",
    by_hand="open it in ComfyUI, connect what the findings name anew, and save it",
    needs_flow=False,
)
def dead_links(subject: Subject) -> Iterator[Finding]:
    """Reports broken invariants of links and ids."""
    for violation in subject.violations:
        if violation.code not in _OTHERS:
            severity = WARN if violation.code in _COSMETIC else ERR
            yield Finding(violation.where or "top level", violation.message, severity=severity)
