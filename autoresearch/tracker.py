"""The tracker: a DuckDB file with one row a run. Rows are added and never changed.

DuckDB lets one process at a time open a file for writing, so every call opens it for a moment, and waits while another one
has it. A row is there once `add` returns: DuckDB writes it to its log before it answers, and reads the log after a crash.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..files.atomic_write import discard, publish_new
from .errors import TrackerError

NO_DUCKDB = "runs are kept by DuckDB: pip install duckdb (or the group 'experiments' of Audio Loop)"

COMPLETE, FAILED, VIDEO_MISSING, INTERRUPTED, DRY_RUN = "complete", "failed", "video_missing", "interrupted", "dry_run"

SECONDS_TO_WAIT = 60.0
_PAUSE_SECONDS = 0.02

_TABLE = """
CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    ts TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    settings JSON NOT NULL,
    judge_hash VARCHAR NOT NULL,
    primary_metric VARCHAR NOT NULL,
    primary_metric_value DOUBLE,
    metrics JSON NOT NULL
)
"""
_ADD = """
INSERT INTO runs SELECT ?, ?::TIMESTAMPTZ, ?, ?, ?, ?, ?, ?, ?
WHERE ? <> 'complete' OR NOT EXISTS (SELECT 1 FROM runs WHERE run_id = ? AND status = 'complete')
"""
_COLUMNS = "run_id, epoch_us(ts), status, description, settings, judge_hash, primary_metric, primary_metric_value, metrics"


@dataclass(frozen=True)
class RunRow:
    """One row.

    Attributes:
        run_id: Name of the run; a run that failed and was made again has a row for each time.
        status: "complete", "failed", "video_missing", "interrupted" or "dry_run".
        description: Words of who began it.
        settings: Fixture, tier, workflow, and for an experiment its name, arm, seed and repeat.
        judge_hash: Version of the judge.
        primary_metric: Name of the metric that the run is about.
        primary_metric_value: Its value; None if it was not measured.
        metrics: Everything measured, by name; each with `NAME_status`.
        ts: The time of writing, with time zone.
    """

    run_id: str
    status: str
    description: str
    settings: Mapping[str, Any]
    judge_hash: str
    primary_metric: str
    primary_metric_value: float | None
    metrics: Mapping[str, Any]
    ts: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


class Tracker:
    """The rows in a file; the file is made with the first row."""

    def __init__(self, path: Path) -> None:
        """Only remembers the path."""
        self.path = path

    def add(self, row: RunRow) -> bool:
        """Adds a row.

        Returns:
            False if the run has a complete row already, and this would be a second one; nothing is added then.

        Raises:
            ImportError: DuckDB is not installed.
            TrackerError: The file cannot be written.
        """
        texts = [json.dumps(dict(each), sort_keys=True, allow_nan=False) for each in (row.settings, row.metrics)]
        values: list[Any] = [row.run_id, row.ts.isoformat(), row.status, row.description, texts[0], row.judge_hash]
        values += [row.primary_metric, row.primary_metric_value, texts[1], row.status, row.run_id]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self._make()
        with self._open(read_only=False) as connection:
            added = connection.execute(_ADD, values).fetchone()
        return bool(added and added[0])

    def rows(self) -> tuple[RunRow, ...]:
        """All rows, the oldest first.

        Raises:
            ImportError: DuckDB is not installed.
            TrackerError: The file cannot be read.
        """
        if not self.path.exists():
            return ()
        with self._open(read_only=True) as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM runs ORDER BY ts, rowid").fetchall()
        return tuple(_row(values) for values in found)

    def complete(self) -> frozenset[str]:
        """Names of the runs that have a complete row."""
        return frozenset(row.run_id for row in self.rows() if row.status == COMPLETE)

    def _make(self) -> None:
        """The file with an empty table, whole from the start: half a file would be refused for ever."""
        beside = Tracker(self.path.with_name(f".{self.path.name}-{secrets.token_hex(8)}"))
        try:
            with beside._open(read_only=False) as connection:
                connection.execute(_TABLE)
            with contextlib.suppress(FileExistsError):  # another process was faster
                publish_new(beside.path, (self.path,))
        finally:
            discard(beside.path)

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[Any]:
        try:
            import duckdb
        except ImportError as error:
            raise ImportError(NO_DUCKDB) from error
        latest = time.monotonic() + SECONDS_TO_WAIT
        while True:
            try:
                connection = duckdb.connect(str(self.path), read_only=read_only)
                break
            except duckdb.IOException as error:
                if "lock" not in str(error).lower() or time.monotonic() > latest:
                    raise TrackerError(f"{self.path} cannot be opened: {error}") from error
                time.sleep(_PAUSE_SECONDS)
            except duckdb.Error as error:
                raise TrackerError(f"{self.path} is no file of runs: {error}") from error
        try:
            yield connection
        except duckdb.Error as error:
            raise TrackerError(f"{self.path} holds no runs, or cannot be written: {error}") from error
        finally:
            connection.close()


def _row(values: tuple[Any, ...]) -> RunRow:
    run_id, microseconds, status, description, settings, judge_hash, metric, value, metrics = values
    written = datetime.fromtimestamp(microseconds / 1e6, timezone.utc)
    return RunRow(run_id, status, description, json.loads(settings), judge_hash, metric, value, json.loads(metrics), written)
