"""The findings of an audit, as text for people and as data for programs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from .engine import Audit, Reported
from .rule import Rule, Severity

_COMMAND = "python scripts/"
_LABELS = (("seen", "you see"), ("why", "why"), ("mend", "mend"))


def as_text(name: str, audit: Audit, *, verbose: bool = False) -> str:
    """A line on the file, then its findings; findings that say the same share what follows them.

    Args:
        name: The file, as the user named it.
        audit: What was found.
        verbose: Also the rules that found nothing.
    """
    lines = [f"{name}: {_summary(audit)}"]
    if audit.obstacle is not None:
        lines.append(f"  {len(audit.unrun_rules)} rules could not look, because data cannot be followed: {audit.obstacle}")
    previous: tuple[str, ...] | None = None
    for index, reported in enumerate(audit.reported):
        details = _details(reported, name)
        lines.append(
            f"  {reported.severity.value:4} {reported.rule.code}: {reported.finding.where}: {reported.finding.message}"
        )
        following = audit.reported[index + 1] if index + 1 < len(audit.reported) else None
        previous = (reported.rule.code, *details)
        if following is None or (following.rule.code, *_details(following, name)) != previous:
            lines.extend(f"       {line}" for line in details)
    if any(_COMMAND in reported.mend and reported.explanation is None for reported in audit.reported):
        lines.append(f"  python scripts/workflow.py mend {shlex.quote(name)} does all of it that needs no choice, in order")
    if verbose:
        lines.extend(f"  OK   {rule.code}: {rule.summary}" for rule in audit.clean_rules)
    return "\n".join(lines) + "\n"


def _summary(audit: Audit) -> str:
    explained = audit.count(Severity.WARN, explained=True)
    parts = [f"{audit.count(Severity.ERR)} ERR", f"{audit.count(Severity.WARN)} WARN"]
    if explained:
        parts.append(f"{explained} explained in the graph")
    rules = f"{len(audit.rules)} rule" + ("s" if len(audit.rules) != 1 else "")
    return ", ".join([rules, *parts])


def _details(reported: Reported, name: str) -> tuple[str, ...]:
    if reported.explanation is not None:
        return (f"{'note':8} {reported.explanation}",)
    return tuple(f"{label:8} {_filled(getattr(reported, key), name)}" for key, label in _LABELS)


def _filled(text: str, name: str) -> str:
    return text.replace("FILE", shlex.quote(name))


def as_data(name: str, audit: Audit) -> dict[str, Any]:
    """The same as a JSON value."""
    return {
        "file": name,
        "errors": audit.count(Severity.ERR),
        "warnings": audit.count(Severity.WARN),
        "explained": audit.count(Severity.WARN, explained=True),
        "obstacle": audit.obstacle,
        "not_looked_at": [rule.code for rule in audit.unrun_rules],
        "clean": [rule.code for rule in audit.clean_rules],
        "findings": [_as_data(reported, name) for reported in audit.reported],
    }


def _as_data(reported: Reported, name: str) -> dict[str, Any]:
    return {
        "rule": reported.rule.code,
        "severity": reported.severity.value,
        "where": reported.finding.where,
        "node": reported.finding.node_id,
        "line": reported.finding.line,
        "message": reported.finding.message,
        "seen": reported.seen,
        "why": reported.why,
        "mend": _filled(reported.mend, name),
        "explanation": reported.explanation,
    }


def listing(rules: tuple[Rule, ...]) -> Iterator[str]:
    """One line a rule."""
    width = max((len(rule.code) for rule in rules), default=0)
    for rule in rules:
        yield f"{rule.code:{width}}  {rule.severity.value:4}  {rule.summary}\n"
