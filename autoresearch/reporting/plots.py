"""Plots of a report: each comparison's differences with their intervals, in units of the baseline's own spread."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from statistics import pstdev
from typing import Any

from ..statistics import CONFIDENCE, Difference
from .comparisons import ArmComparison

HINT = "plots need matplotlib: run this by `uv run --group analysis python ...`, or `pip install matplotlib`"
FOUND, NOT_FOUND = "#c2255c", "#495057"
INCHES_PER_METRIC, WIDE_INCHES, DOTS_PER_INCH = 0.42, 9.0, 110


class PlotsError(RuntimeError):
    """Plots cannot be drawn here. The message says what is missing."""


def plot_of(compared: ArmComparison) -> bytes:
    """A PNG: one line for each metric, from the pairs' differences to their mean and its interval.

    Metrics have units of their own, so each line is in standard deviations of its pairs' differences; the mean stands by it.

    Raises:
        PlotsError: matplotlib is missing.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Sheet
    except ImportError:
        raise PlotsError(HINT) from None
    rows = compared.differences
    sheet = Sheet(figsize=(WIDE_INCHES, 1.3 + INCHES_PER_METRIC * max(1, len(rows))), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(sheet)
    axes = sheet.subplots()
    axes.axvline(0, color="#adb5bd", linewidth=1)
    for line, row in enumerate(rows):
        _draw(axes, line, row)
    axes.set_yticks(range(len(rows)), [_label(row, compared.primary) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"difference in standard deviations of its pairs; bar: {CONFIDENCE:.0%} interval of the mean, dots: pairs")
    axes.set_title(f"{compared.experiment}: {compared.arm} less {compared.baseline}", loc="left")
    axes.spines[["top", "right", "left"]].set_visible(False)
    buffer = io.BytesIO()
    sheet.savefig(buffer, format="png")
    return buffer.getvalue()


def _draw(axes: Any, line: int, row: Difference) -> None:
    values = list(row.differences.values())
    # Pairs that all differ by the same have no spread; their difference itself is the unit then.
    unit = pstdev(values) or abs(row.mean) or 1.0
    colour = FOUND if row.is_found else NOT_FOUND
    axes.plot([value / unit for value in values], [line] * len(values), "o", color=colour, alpha=0.35, markersize=4)
    axes.plot([row.mean / unit], [line], "D", color=colour, markersize=6)
    if not math.isnan(row.low):
        axes.plot([row.low / unit, row.high / unit], [line, line], color=colour, linewidth=2)
    axes.annotate(f"{row.mean:+.3g}", (row.mean / unit, line), textcoords="offset points", xytext=(0, 8), ha="center", size=8)


def _label(row: Difference, primary: str | None) -> str:
    return f"{row.metric} (primary)" if row.metric == primary else row.metric


def plots_of(compared: Sequence[ArmComparison]) -> dict[str, bytes]:
    """Name -> PNG of each comparison that has numbers; needs matplotlib."""
    return {f"{each.experiment}_{each.arm}_less_{each.baseline}": plot_of(each) for each in compared if each.differences}
