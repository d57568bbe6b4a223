"""A check as text that can be sent back to the writer, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...loop_control.excerpt import excerpt
from ...loop_control.rates import clock_text
from ..visible_boundaries import video_end, visible_boundaries
from .check import Checked
from .finding import RuleFinding

_MOST_SHOWN = 200
"""Boundaries in one line: an hour has as many."""


def verdict(checked: Checked) -> str:
    """One line: whether the schedule may be used."""
    if not checked.reported:
        return "OK: nothing found"
    counts = [(checked.errors, "error"), (checked.warnings, "warning")]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)


def as_text(checked: Checked) -> str:
    """The whole check; ends with a line feed. With findings, it is what a writer needs to mend them."""
    lines = [verdict(checked), *_facts(checked)]
    if checked.reported:
        count = len(checked.reported)
        lines += ["", *excerpt(count, lambda index: _sentence(checked.reported[index]), "findings"), "", *_how_to_mend(checked)]
    return "\n".join(lines) + "\n"


def as_data(checked: Checked) -> dict[str, Any]:
    """The same as JSON values."""
    draft, plan = checked.draft, checked.expected.plan
    return {
        "verdict": verdict(checked),
        "errors": checked.errors,
        "warnings": checked.warnings,
        "findings": [_finding(each) for each in checked.reported],
        "ignored": list(checked.ignored),
        "schedule": checked.schedule_text.strip("\n"),
        "entries": len(draft.entries) if draft else 0,
        "subject": draft.subject.text if draft and draft.subject else None,
        "subject_is_given": bool(draft and draft.subject and draft.subject.is_given),
        "boundaries": [clock_text(each) for each in visible_boundaries(plan)],
        "end": clock_text(video_end(plan)),
        "listened": checked.expected.voice is not None,
    }


def _finding(each: RuleFinding) -> dict[str, Any]:
    return {
        "rule": each.rule.code,
        "title": each.rule.title,
        "severity": each.severity,
        "line": each.finding.line,
        "message": each.finding.message,
        "nearest": each.finding.nearest,
    }


def _facts(checked: Checked) -> Iterator[str]:
    """The things that were looked at, and those that were not."""
    plan, draft = checked.expected.plan, checked.draft
    yield f"Song: {clock_text(plan.duration)}, {plan.iterations + 1} windows."
    if draft is not None:
        count = len(draft.entries)
        yield f"Schedule: {count} entr{'y' if count == 1 else 'ies'}."
        if draft.subject is not None:
            origin = "as given" if draft.subject.is_given else "found in the entries, because none was given"
            yield f"Subject, {origin}: {draft.subject.text}"
    if checked.expected.voice is None:
        yield "Nobody listened to the song: R5 says nothing."
    yield from checked.ignored


def _sentence(each: RuleFinding) -> str:
    place = "the text" if each.finding.line is None else f"line {each.finding.line}"
    head = f"{each.rule.code} ({each.rule.title}) {each.severity}, {place}: {each.finding.message}."
    return f"{head}\n    right would be: {each.finding.nearest}"


def _how_to_mend(checked: Checked) -> Iterator[str]:
    plan = checked.expected.plan
    times = visible_boundaries(plan)
    shown = excerpt(len(times), lambda index: clock_text(times[index]), "boundaries", most=_MOST_SHOWN)
    yield f"Boundaries of this song: {', '.join(shown)}; it ends at {clock_text(video_end(plan))}."
    yield "Mend these findings, leave the other lines as they are, and answer with the whole schedule and nothing else."
