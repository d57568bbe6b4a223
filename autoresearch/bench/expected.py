"""A scorecard that was written down: what a model gave before, and whether it gives that again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import HarnessError
from ..reporting.comparisons import numbers_of
from .measure import BenchRun

LEFT_OUT = ("seconds_per_window", "frames")
"""The time is the machine's; the frames have a place of their own."""
TOLERANCE = 0.05
"""Relative; frames have none. Other processors add numbers in another order; videos are coded with loss."""
SMALLEST = 0.02
"""Absolute, for numbers near zero."""


def scorecard(runs: Sequence[BenchRun], judge: str) -> dict[str, Any]:
    """The scorecards of renders, as JSON has them."""
    cards = {str(run.seed): {"frames": run.frames, **_numbers(run)} for run in runs}
    return {"judge": judge, "seeds": cards}


def deviations(runs: Sequence[BenchRun], judge: str, file: Path) -> Iterator[str]:
    """Everything that differs from a scorecard that was written down, one sentence each.

    Raises:
        HarnessError: The file cannot be read.
    """
    expected = _read(file)
    if expected.get("judge") != judge:
        yield f"{file.name} was written by judge {expected.get('judge')}, this one is {judge}: write it anew with --json"
        return
    for run in runs:
        card = expected["seeds"].get(str(run.seed))
        if card is None:
            yield f"{file.name} has no scorecard of seed {run.seed}"
            continue
        now = {"frames": run.frames, **_numbers(run)}
        for name in sorted(card.keys() | now.keys()):
            before, after = card.get(name), now.get(name)
            if before is None or after is None:
                yield f"seed {run.seed}: {name} was {before}, is {after}"
            elif before != after and not (
                name != "frames" and math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=SMALLEST)
            ):
                yield f"seed {run.seed}: {name} was {before:.4g}, is {after:.4g}"


def _numbers(run: BenchRun) -> dict[str, float]:
    return {name: value for name, value in numbers_of(run.metrics).items() if name not in LEFT_OUT}


def _read(file: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HarnessError(f"{file} cannot be read as a scorecard: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("seeds"), dict):
        raise HarnessError(f"{file} is no scorecard; write one with --json")
    return document
