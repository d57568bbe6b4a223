"""The form of a rule for schedules, and of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from .draft import Draft

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class ScheduleFinding:
    """One thing that a rule found.

    Attributes:
        message: The fault, with the words or the time that it is about.
        nearest: The nearest that would be right: what to write instead.
        line: Line of the text as it was given, from 1; None if the fault is in no single line.
        severity: Its own, if it differs from the rule's.
    """

    message: str
    nearest: str
    line: int | None = None
    severity: Severity | None = None


Check = Callable[[Draft], Iterable[ScheduleFinding]]


@dataclass(frozen=True)
class ScheduleRule:
    """One thing that is asked of a schedule, of a writer in words and of a text by a check.

    Attributes:
        number: Its number; writers are told it, and findings are sent back under it.
        title: Its name in a few words.
        severity: Of its findings, unless one says otherwise.
        music: What a writer is told, for a song.
        talk: What a writer is told, for stand-up and dialogue.
        check: Looks at a draft and yields what it finds.
    """

    number: int
    title: str
    severity: Severity
    music: str
    talk: str
    check: Check

    @property
    def code(self) -> str:
        """As in "R3"."""
        return f"R{self.number}"


@dataclass(frozen=True)
class RuleFinding:
    """A finding together with its rule."""

    rule: ScheduleRule
    finding: ScheduleFinding

    @property
    def severity(self) -> Severity:
        """Of the finding, else of its rule."""
        return self.finding.severity or self.rule.severity


def rule(
    number: int, title: str, *, music: str, talk: str = "", severity: Severity = "error"
) -> Callable[[Check], ScheduleRule]:
    """Makes a rule of the function that looks for it; without `talk`, writers are told the same for both."""

    def make(check: Check) -> ScheduleRule:
        return ScheduleRule(number, title, severity, music, talk or music, check)

    return make
