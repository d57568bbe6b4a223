"""Runs the rules over graphs. Each module in `rules/` holds one rule; a new file is a new rule."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from ..document import Document, DocumentError
from ..reading.flow import WayTooLongError
from ..schemas import Schemas
from . import rules as rules_package
from .rule import Finding, Rule, Severity
from .subject import Subject


@dataclass(frozen=True)
class Reported:
    """A finding together with its rule.

    Attributes:
        rule: The rule.
        finding: What it found.
        explanation: What a note in the graph says about it; only a warning can be explained.
        command_helps: False if the command that mends such a finding was tried and does not mend this one.
    """

    rule: Rule
    finding: Finding
    explanation: str | None = None
    command_helps: bool = True

    @property
    def severity(self) -> Severity:
        """ERR or WARN."""
        return self.finding.severity or self.rule.severity

    @property
    def seen(self) -> str:
        """The fault that the user will see in the video."""
        return self.finding.seen or self.rule.seen

    @property
    def why(self) -> str:
        """Why that happens: the finding's own words, else the rule's."""
        return self.finding.why or self.rule.why

    @property
    def mend(self) -> str:
        """The cure: the command, or what is to be done by hand if that does not help."""
        by_hand = self.finding.by_hand or self.rule.by_hand
        if not self.command_helps and by_hand:
            return by_hand
        return self.finding.mend or self.rule.mend


@dataclass(frozen=True)
class Audit:
    """The findings of an audit.

    Attributes:
        rules: The rules that were asked for.
        reported: All findings, in the order of the rules.
        obstacle: Why rules that follow data could not look; None if they did.
    """

    rules: tuple[Rule, ...]
    reported: tuple[Reported, ...]
    obstacle: str | None = None

    def count(self, severity: Severity, *, explained: bool = False) -> int:
        """How many findings of that severity, those that a note explains left out or alone."""
        return sum(r.severity is severity and (r.explanation is not None) == explained for r in self.reported)

    @property
    def clean_rules(self) -> tuple[Rule, ...]:
        """Rules that looked and found nothing."""
        found = {reported.rule.code for reported in self.reported}
        is_blocked = self.obstacle is not None
        return tuple(r for r in self.rules if r.code not in found and not (is_blocked and r.needs_flow))

    @property
    def unrun_rules(self) -> tuple[Rule, ...]:
        """Rules that could not look."""
        return tuple(r for r in self.rules if self.obstacle is not None and r.needs_flow)


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the audit, by code; see `rules_in`."""
    return rules_in(rules_package)


def rules_in(package: ModuleType) -> tuple[Rule, ...]:
    """The rules in a package, by code.

    Raises:
        ValueError: A module does not hold exactly one rule of its own name.
    """
    found = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        held = [value for value in vars(module).values() if isinstance(value, Rule)]
        if [rule.code for rule in held] != [info.name]:
            raise ValueError(f"{module.__name__} must hold one rule called {info.name}, it holds {[r.code for r in held]}")
        found.extend(held)
    return tuple(found)


def select(only: Collection[str] = (), skip: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules with those codes (all by default) but those to skip.

    Raises:
        ValueError: No rule has that code; names the nearest.
    """
    import difflib

    known = {rule.code: rule for rule in all_rules()}
    for code in (*only, *skip):
        if code not in known:
            near = difflib.get_close_matches(code, known, n=1)
            raise ValueError(f"no rule is called {code!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return tuple(rule for code, rule in known.items() if (not only or code in only) and code not in skip)


def audit(document: Document, rules: Sequence[Rule] | None = None, schemas: Schemas | None = None) -> Audit:
    """Looks at a graph.

    Args:
        document: A UI document, or an API prompt; unchanged.
        rules: Which rules; all by default. Of an API prompt those that follow data look, it holds nothing else.
        schemas: Known node types; the committed snapshots by default.

    Raises:
        DocumentError: It is neither.
    """
    return audit_subject(Subject(document, schemas), tuple(rules if rules is not None else all_rules()))


def audit_subject(subject: Subject, rules: Sequence[Rule]) -> Audit:
    """Looks at a graph of which more may be known than its file says; see `audit`."""
    chosen = tuple(rule for rule in rules if rule.needs_flow or not subject.is_prompt)
    obstacle = subject.obstacle
    reported = []
    for rule in chosen:
        if rule.needs_flow and obstacle is not None:
            continue
        for finding in _found(rule, subject):
            severity = finding.severity or rule.severity
            explanation = subject.explanations.get(rule.code) if severity is Severity.WARN else None
            reported.append(Reported(rule, finding, explanation))
    return Audit(chosen, tuple(reported), obstacle)


def _found(rule: Rule, subject: Subject) -> Iterator[Finding]:
    try:
        yield from rule.check(subject)
    except WayTooLongError as error:
        yield Finding(
            "the graph",
            f"this rule did not look at all of it: {error}",
            severity=Severity.WARN,
            seen="perhaps nothing",
            why="an audit ends within seconds, however large the graph is",
            mend="audit the parts of the graph one by one",
        )


__all__ = ["Audit", "DocumentError", "Reported", "all_rules", "audit", "audit_subject", "rules_in", "select"]
