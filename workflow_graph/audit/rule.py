"""The form of a rule and of its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field
from enum import Enum
from typing import Any

from ..reading.flow import FlowNode


class Severity(Enum):
    """How bad a finding is."""

    OK = "OK"
    WARN = "WARN"
    ERR = "ERR"


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found.

    Attributes:
        place: The node that runs, or the place in words; only given.
        where: The same, in words.
        node_id: Id of the node in the API prompt ("843:1519"); None if the place is no node that runs.
        message: The fault, with its values.
        severity: Its own, if it differs from the rule's.
        seen: The effect in the video, if it differs from the rule's.
        why: The reason, if it differs from the rule's.
        mend: The remedy, if it differs from the rule's.
        by_hand: The remedy if the command in `mend` does not help, if it differs from the rule's.
        may_be_meant: The user may want it so; it is told, and left as it is.
        line: Line of the text that the node holds, from 1; None if the fault is in no single line.
    """

    place: InitVar[FlowNode | str]
    message: str
    severity: Severity | None = None
    seen: str | None = None
    why: str | None = None
    mend: str | None = None
    by_hand: str | None = None
    may_be_meant: bool = False
    line: int | None = None
    where: str = field(init=False)
    node_id: str | None = field(init=False)

    def __post_init__(self, place: FlowNode | str) -> None:
        object.__setattr__(self, "where", str(place))
        object.__setattr__(self, "node_id", place.id if isinstance(place, FlowNode) else None)


Check = Callable[[Any], Iterable[Finding]]
"""Looks at a `Subject`, or at one of a kind that knows more than the graph alone."""


@dataclass(frozen=True)
class Rule:
    """One thing that is looked at.

    Attributes:
        code: Its name, which is also the name of its module.
        severity: The worst that it reports, unless a finding says otherwise.
        summary: The property of a sound graph, one line.
        seen: The effect in the video if it is broken.
        why: The reason.
        mend: The command or step that mends it; "FILE" stands for the file.
        check: Looks at a graph and yields what it finds.
        needs_flow: Whether it follows data, and so cannot look at a graph that cannot run.
        by_hand: The remedy for a graph in which the command does not help; "" for rules that name no command.
    """

    code: str
    severity: Severity
    summary: str
    seen: str
    why: str
    mend: str
    check: Check
    needs_flow: bool = True
    by_hand: str = ""


def rule(
    *, severity: Severity, summary: str, seen: str, why: str, mend: str, by_hand: str = "", needs_flow: bool = True
) -> Callable[[Check], Rule]:
    """Makes a rule of the function that looks for it; the function's name is the rule's code."""

    def make(check: Check) -> Rule:
        return Rule(check.__name__, severity, summary, seen, why, mend, check, needs_flow, by_hand)

    return make


OK, WARN, ERR = Severity.OK, Severity.WARN, Severity.ERR
