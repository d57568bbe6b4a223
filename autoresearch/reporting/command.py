"""The report on the console: `python -m audio_loop.autoresearch report`.

Exit status: 0 a report, 2 there is nothing to report of or it cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ...files.atomic_write import write_new
from ...files.free_names import first_free, numbered
from ...files.names import clean_name
from ..errors import HarnessError, TrackerError
from ..statistics import ComparisonError
from ..tracker import Tracker
from .comparisons import comparisons
from .plots import PlotsError, plots_of
from .tables import report_text

NEWEST = 20


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoresearch report",
        description="Runs in a table, and every arm of every experiment against its baseline: paired differences at the same "
        "fixture and seed, with intervals.",
    )
    parser.add_argument(
        "--data", type=Path, default=Path("data"), metavar="FOLDER", help="folder with runs.duckdb (default: data)"
    )
    parser.add_argument("--experiment", metavar="NAME", help="only the runs of this experiment")
    parser.add_argument(
        "--baseline", metavar="ARM", help='arm to compare with (default: "baseline", else the one that ran first)'
    )
    parser.add_argument(
        "--newest", type=int, default=NEWEST, metavar="N", help=f"rows of the table of runs (default: {NEWEST})"
    )
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write a plot of each comparison; needs matplotlib")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        sys.stdout.write(report(options.data, options.experiment, options.baseline, options.newest, options.plots))
    except (HarnessError, TrackerError, ComparisonError, PlotsError, ImportError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


def report(data: Path, experiment: str | None, baseline: str | None, newest: int, plots: Path | None) -> str:
    """The report's text; writes plots beside, each under a free name.

    Raises:
        HarnessError: There are no runs, or no experiment of that name.
        TrackerError: The rows cannot be read.
        ComparisonError: No experiment has an arm of that name.
        PlotsError: matplotlib is missing.
        ImportError: DuckDB is not installed.
        OSError: A plot cannot be written.
    """
    if newest < 1:
        raise HarnessError(f"--newest is {newest}; it is a whole number from 1 up")
    file = data / "runs.duckdb"
    rows = Tracker(file).rows()
    if not rows:
        raise HarnessError(f"there are no runs in {file}; make one, or name the folder with --data")
    if experiment is not None:
        known = sorted({str(row.settings["experiment"]) for row in rows if row.settings.get("experiment")})
        if experiment not in known:
            raise HarnessError(f"there is no experiment {experiment!r}; there are {', '.join(known) or 'none'}")
        rows = tuple(row for row in rows if row.settings.get("experiment") == experiment)
    compared = comparisons(rows, baseline)
    text = report_text(rows, compared, newest)
    if plots is None:
        return text
    written = []
    for name, png in plots_of(compared).items():
        plots.mkdir(parents=True, exist_ok=True)
        target = first_free(numbered(plots / f"{clean_name(name)}.png"))
        write_new(target, png)
        written.append(str(target))
    return text + "\nPlots: " + (", ".join(written) or "none, since nothing is compared") + "\n"
