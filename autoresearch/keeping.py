"""A finished run is kept: first its folder, then its row. A row that a crash cost is made again from the folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..files.json_document import JsonDocumentError
from .judge.version import judge_hash
from .performing import RunEnd
from .run_folder import RunContents, read_metrics, write_run_folder
from .run_job import RunJob
from .tracker import COMPLETE, RunRow, Tracker

TRACKER_FILE, RUNS_FOLDER = "runs.duckdb", "runs"


def tracker_in(data: Path) -> Tracker:
    """The tracker of a data folder."""
    return Tracker(data / TRACKER_FILE)


def keep(data: Path, job: RunJob, finished: RunEnd) -> RunRow:
    """Writes the run's folder and its row.

    Args:
        data: The data folder; `runs.duckdb` and `runs/` lie in it.
        job: The run.
        finished: Its end.

    Raises:
        OSError: The folder cannot be written.
        ImportError: DuckDB is not installed.
        TrackerError: The row cannot be written.
    """
    value = finished.metrics.get(job.primary_metric)
    number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    row = RunRow(
        job.run_id,
        finished.status,
        job.description,
        job.asked,
        judge_hash(),
        job.primary_metric,
        number,
        finished.metrics,
    )
    contents = RunContents(
        finished.prompt, job.fixture.document, _document(row), finished.traces, finished.video, finished.is_fetched
    )
    write_run_folder(_folder(data, job.run_id), contents)
    tracker_in(data).add(row)
    return row


def is_kept(data: Path, run_id: str, complete: frozenset[str]) -> bool:
    """Whether a run is complete; if its folder says so and its row is missing, the row is added.

    Args:
        data: The data folder.
        run_id: Name of the run.
        complete: The runs that have a complete row.
    """
    if run_id in complete:
        return True
    try:
        document = read_metrics(_folder(data, run_id))
    except JsonDocumentError:
        return False
    if document is None or document.get("status") != COMPLETE:
        return False
    names = RunRow.__dataclass_fields__.keys() - {"ts"}
    tracker_in(data).add(RunRow(**{name: document[name] for name in names}))
    return True


def _folder(data: Path, run_id: str) -> Path:
    return data / RUNS_FOLDER / run_id


def _document(row: RunRow) -> Mapping[str, Any]:
    document = {name: getattr(row, name) for name in row.__dataclass_fields__ if name != "ts"}
    return {**document, "ts": row.ts.isoformat()}


def words(row: RunRow) -> str:
    """A run's end in a line."""
    if row.status == COMPLETE:
        value = "not measured" if row.primary_metric_value is None else f"{row.primary_metric_value:.4g}"
        return f"{row.run_id}: {row.status}, {row.primary_metric}: {value}\n"
    reason = row.metrics.get("error")
    return f"{row.run_id}: {row.status}" + (f", {reason}\n" if reason else "\n")


def details(row: RunRow) -> str:
    """Metrics in lines, those without a value with their reason."""
    lines = []
    for name, value in sorted(row.metrics.items()):
        if name.endswith("_status") and value != "ok":
            lines.append(f"  {name}: {value}")
        elif isinstance(value, (int, float)):
            lines.append(f"  {name}: {value:.4g}")
    return "".join(f"{line}\n" for line in lines)
