"""The report as text: tables in Markdown, which people read as they are and can publish."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ..statistics import CONFIDENCE, Difference
from ..tracker import RunRow
from .comparisons import ArmComparison

NONE = "-"


def report_text(runs: Sequence[RunRow], compared: Sequence[ArmComparison], newest: int) -> str:
    """The whole report.

    Args:
        runs: All rows, in order of time.
        compared: Arms against their baselines.
        newest: How many rows the table of runs has, the last ones.
    """
    counts = Counter(run.status for run in runs)
    head = f"{len(runs)} runs: " + ", ".join(f"{count} {status}" for status, count in counts.most_common())
    parts = [head, runs_table(runs[-newest:])]
    if len(runs) > newest:
        parts.append(f"{len(runs) - newest} earlier runs are not shown (--newest N).")
    parts += [comparison_text(each) for each in compared]
    if not compared:
        parts.append("No experiment has two arms with finished runs, so nothing is compared.")
    return "\n\n".join(parts) + "\n"


def runs_table(runs: Sequence[RunRow]) -> str:
    """A row for each run."""
    rows = [
        (
            run.run_id,
            str(run.ts)[:19],
            run.status,
            NONE if run.primary_metric_value is None else f"{run.primary_metric} {number(run.primary_metric_value)}",
            run.description or NONE,
        )
        for run in runs
    ]
    return table(("run", "written (UTC)", "status", "primary metric", "description"), rows)


def comparison_text(compared: ArmComparison) -> str:
    """An arm against its baseline: what decides, then the rest."""
    lines = [f"## {compared.experiment}: {compared.arm} less {compared.baseline}"]
    lines += [f"Not counted: {each}." for each in compared.left_out]
    if not compared.differences:
        return "\n\n".join([*lines, "No pair of the same fixture and seed is finished in both arms."])
    first = compared.differences[0]
    if first.metric == compared.primary:
        lines.append(f"{first.metric}, the primary metric: {first.words}.")
    lines.append(table(_HEAD, [_difference_row(each) for each in compared.differences]))
    if len(compared.differences) > 1:
        by_chance = (1 - CONFIDENCE) * len(compared.differences)
        lines.append(
            f"Of {len(compared.differences)} metrics {by_chance:.1f} leave zero by chance alone; "
            "only the primary one, which was chosen before, decides."
        )
    unpaired = sorted({pair for each in compared.differences for pair in each.left_out})
    if unpaired:
        lines.append(f"Without a partner in the other arm or without a number: {'; '.join(unpaired)}.")
    return "\n\n".join(lines)


_HEAD = ("metric", "baseline", "difference", f"{CONFIDENCE:.0%} interval", "pairs", "outcome")


def _difference_row(each: Difference) -> tuple[str, ...]:
    reach = NONE if math.isnan(each.low) else f"{number(each.low)} to {number(each.high)}"
    return each.metric, number(each.baseline_mean), number(each.mean), reach, str(each.pairs), each.words


def number(value: float) -> str:
    """Four digits that count."""
    return f"{value:.4g}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
