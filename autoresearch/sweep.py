"""A sweep on one server: its runs in turn, each kept as it is finished."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ..comfy_host.errors import ServerError
from .errors import HarnessError
from .keeping import is_kept, keep, tracker_in, words
from .performing import RunEnd, dry, perform
from .run_folder import remove_unfinished
from .run_job import RunJob
from .tracker import COMPLETE, INTERRUPTED


def missing_of(jobs: Sequence[RunJob], data: Path) -> tuple[RunJob, ...]:
    """The runs that are not complete yet; rows that a crash cost are made again, and what it left behind is removed."""
    remove_unfinished(data / "runs")
    complete = tracker_in(data).complete()
    return tuple(job for job in jobs if not is_kept(data, job.run_id, complete))


def sweep_in_turn(jobs: Sequence[RunJob], url: str, data: Path) -> bool:
    """Renders, judges and keeps runs; says how each ended.

    Args:
        jobs: The runs.
        url: The server's.
        data: The data folder.

    Returns:
        Whether all are complete.

    Raises:
        HarnessError: The server went away.
        KeyboardInterrupt: Somebody stopped it; the run at hand has a row that says so.
    """
    complete = 0
    for job in jobs:
        with tempfile.TemporaryDirectory(prefix="audio-loop-run-") as scratch:
            try:
                end = perform(job, [url], Path(scratch), None)
            except ServerError as error:
                raise HarnessError(f"{error}. Start the server again; the same command goes on from here") from error
            except KeyboardInterrupt:
                keep(data, job, RunEnd(INTERRUPTED, dry(job).prompt, {"error": "it was stopped"}))
                raise
            row = keep(data, job, end)
        complete += row.status == COMPLETE
        sys.stdout.write(words(row))
        sys.stdout.flush()
    return complete == len(jobs)
