"""A check as a page for people, and as data for programs and the browser."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any

from ..loop_control.excerpt import excerpt
from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text
from ..schedule.snap_report import SnapReport, SnapRow
from ..workflow_graph.audit.engine import Reported
from ..workflow_graph.audit.rule import Severity
from .check import Preflight
from .expectations import expectations

_WORDS_IN_ROW = 60
_MOST_ALIKE, _MOST_PROMPTS = 12, 60
"""Lines of one list: a schedule may have thousands."""
_KINDS = {"ERR": "ERROR", "WARN": "WARNING"}


def verdict(found: Preflight) -> str:
    """One line: whether it may be run."""
    if not found.errors and not found.warnings:
        return "OK: nothing found" + (", as far as could be looked" if found.not_looked_at else "")
    parts = [(found.errors, "error"), (found.warnings, "warning")]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)


def as_text(found: Preflight, name: str) -> str:
    """The whole check; ends with a line feed.

    Args:
        found: The check.
        name: The file, as the user named it; "" if there is none.
    """
    sections = [[verdict(found)], *_findings(found, name), list(_plan(found)), list(_prompts(found))]
    sections += [["To expect", *(f"  {line}" for line in expectations(found))]]
    if found.not_looked_at:
        sections.append(["Not looked at", *(f"  {line}" for line in found.not_looked_at)])
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def _findings(found: Preflight, name: str) -> Iterator[list[str]]:
    """Findings, errors first; those that say the same share what follows them."""
    ordered = sorted(found.audit.reported, key=lambda each: each.severity is not Severity.ERR)
    for details, alike in groupby(ordered, lambda each: _details(each, _mend(found, each, name))):
        heads = [*map(_head, alike)]
        yield [*excerpt(len(heads), heads.__getitem__, "findings of this kind", most=_MOST_ALIKE), *details]


def _head(reported: Reported) -> str:
    finding = reported.finding
    return f"{_KINDS[reported.severity.value]}  {finding.where}: {finding.message}  [{reported.rule.code}]"


def _mend(found: Preflight, reported: Reported, name: str) -> str:
    """The cure. A command mends a file, and the prompt that a browser sends is none."""
    by_hand = reported.finding.by_hand or reported.rule.by_hand
    if found.subject.is_prompt and by_hand:
        return by_hand
    return reported.mend.replace("FILE", shlex.quote(name)) if name else reported.mend


def _details(reported: Reported, mend: str) -> tuple[str, ...]:
    if reported.explanation is not None:
        return (f"  meant   {reported.explanation}",)
    return (f"  you see {reported.seen}", f"  why     {reported.why}", f"  mend    {mend}")


def _plan(found: Preflight) -> Iterator[str]:
    plan = found.plan
    if plan is None:
        return
    count = plan.iterations + 1
    yield f"Plan: song {clock_text(plan.duration)}, {count} window{'' if count == 1 else 's'}"
    yield f"  {'window':>6}  {'hears':>20}  {'shows':>20}"
    yield from excerpt(count, lambda index: _window(plan, index), "windows")


def _window(plan: LoopPlan, index: int) -> str:
    window = plan.nth_window(index)
    heard = (window.window_start_px, window.window_start_px + window.window_px)
    ranges = [f"{clock_text(a / plan.fps)} - {clock_text(b / plan.fps)}" for a, b in (heard, (window.new_start_px, heard[1]))]
    return f"  {index:>6}  {ranges[0]:>20}  {ranges[1]:>20}"


def _prompts(found: Preflight) -> Iterator[str]:
    for node, report in found.subject.snapped:
        yield f"Prompts as they will be seen, by {node}"
        yield f"  {'line':>4}  {'asked':>9}  {'seen from':>9}  prompt"
        yield from excerpt(len(report.rows), partial(_nth_row, report), "lines", most=_MOST_PROMPTS)


def _nth_row(report: SnapReport[str], index: int) -> str:
    return f"  {_row(report, report.rows[index])}"


def _row(report: SnapReport[str], row: SnapRow[str]) -> str:
    seen = _seen_seconds(report, row)
    shown = "never" if seen is None else clock_text(seen)
    words = " ".join(row.entry.value.split())
    words = words if len(words) <= _WORDS_IN_ROW else f"{words[: _WORDS_IN_ROW - 1]}\u2026"
    return f"{row.entry.line:>4}  {clock_text(row.asked):>9}  {shown:>9}  {words}"


def _seen_seconds(report: SnapReport[str], row: SnapRow[str]) -> Any:
    return report.visible_from(row.used[0][0]) if row.used else None


def as_data(found: Preflight, name: str) -> dict[str, Any]:
    """The same as a JSON value; seconds are numbers. Arguments as in `as_text`."""
    plan, machine = found.plan, found.subject.machine
    return {
        "ok": found.errors == 0,
        "errors": found.errors,
        "warnings": found.warnings,
        "verdict": verdict(found),
        "findings": [_finding_data(reported, _mend(found, reported, name)) for reported in found.audit.reported],
        "plan": None if plan is None else _plan_data(plan),
        "prompts": [_row_data(node.id, report, row) for node, report in found.subject.snapped for row in report.rows],
        "on_disk": None if found.on_disk is None else sorted(found.on_disk),
        "expect": list(expectations(found)),
        "disk": {"needed_bytes": found.needed_bytes, "free_bytes": machine.free_bytes},
        "not_looked_at": list(found.not_looked_at),
    }


def _finding_data(reported: Reported, mend: str) -> dict[str, Any]:
    return {
        "rule": reported.rule.code,
        "severity": reported.severity.value,
        "node": reported.finding.node_id,
        "line": reported.finding.line,
        "where": reported.finding.where,
        "message": reported.finding.message,
        "seen": reported.seen,
        "why": reported.why,
        "mend": mend,
        "explanation": reported.explanation,
    }


def _plan_data(plan: LoopPlan) -> dict[str, Any]:
    def seconds(px: int) -> float:
        return float(px / plan.fps)

    return {
        "song_seconds": float(plan.duration),
        "fps": float(plan.fps),
        "window_seconds": float(plan.window),
        "overlap_seconds": float(plan.overlap),
        "stride_seconds": float(plan.stride),
        "cuts": [seconds(window.new_start_px) for window in plan.windows[1:]],
        "windows": [
            {
                "index": window.index,
                "hears": [seconds(window.window_start_px), seconds(window.new_stop_px)],
                "shows": [seconds(window.new_start_px), seconds(window.new_stop_px)],
            }
            for window in plan.windows
        ],
    }


def _row_data(node_id: str, report: SnapReport[str], row: SnapRow[str]) -> dict[str, Any]:
    seen = _seen_seconds(report, row)
    return {
        "node": node_id,
        "line": row.entry.line,
        "asked_seconds": float(row.asked),
        "seen_seconds": None if seen is None else float(seen),
        "never_because": row.vanished_because,
        "text": row.entry.value,
    }
