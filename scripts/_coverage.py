"""How many lines of each room a run of the tests runs, for the end of `run_tests.py`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Python 3.12 reports lines almost for nothing. Before it, tracing takes as long again as the tests themselves.
IS_CHEAP = sys.version_info >= (3, 12)
PYTEST_ARGUMENTS = ("--cov", "--cov-report=")


def measured_tiers(is_asked_for: bool) -> tuple[str, ...]:
    """The tiers whose lines are counted: where that is cheap, or if somebody asks for it."""
    return ("pure", "torch") if IS_CHEAP or is_asked_for else ()


def environment(folder: Path, tier: str) -> dict[str, str]:
    """Variables for a measured tier's process, which leaves its data in `folder`."""
    return {"COVERAGE_FILE": str(folder / f".coverage.{tier}"), "COVERAGE_CORE": "sysmon" if IS_CHEAP else "ctrace"}


def measured(folder: Path, repository: Path) -> Mapping[str, Any]:
    """The JSON report of coverage.py on the data that the tiers left in `folder`."""
    from coverage import Coverage

    data = [str(path) for path in folder.glob(".coverage.*")]
    if not data:
        return {"files": {}}
    found = Coverage(data_file=str(folder / "all"), config_file=str(repository / "pyproject.toml"))
    found.combine(data)
    report = folder / "report.json"
    found.json_report(outfile=str(report))
    read: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return read


def lines(report: Mapping[str, Any]) -> list[str]:
    """A line for each room of which anything ran, by name, one for all of them, and one that names the others."""
    run: Counter[str] = Counter()
    there: Counter[str] = Counter()
    for name, file in report["files"].items():
        room = Path(name).parts[0]
        run[room] += file["summary"]["covered_lines"]
        there[room] += file["summary"]["num_statements"]
    rooms = sorted(room for room in there if run[room])
    told = [(room, run[room], there[room]) for room in rooms]
    told.append(("together", sum(run.values()), sum(there[room] for room in rooms)))
    others = ", ".join(sorted(room for room in there if there[room] and not run[room]))
    return [f"  {room:18} {done / count:5.0%} of {count:6,} lines" for room, done, count in told if count] + (
        [f"  loaded by other tiers only: {others}"] if others else []
    )
