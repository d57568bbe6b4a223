"""`python -m audio_loop.autoresearch sweep EXPERIMENT.toml`: renders what is missing of an experiment, judges it and keeps it.

Exit status: 0 every run is complete; 1 some are not, and the same command tries them again; 2 what was given cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .errors import HarnessError, TrackerError
from .experiment import read_experiment
from .filling import read_prompt
from .fixture import read_fixture
from .keeping import keep, words
from .performing import dry
from .run_command import server_url, stopped_by_signals, workflow_path
from .run_job import RunJob
from .run_options import add_run_options
from .sweep import missing_of, sweep_in_turn
from .sweep_jobs import jobs_of


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoresearch sweep",
        description="Renders every arm of an experiment with every seed as often as it says. What is complete is not rendered "
        "again, so that the same command goes on after a stop or a crash.",
    )
    parser.add_argument("experiment", type=Path, metavar="EXPERIMENT", help="a TOML file; e1 to e5 are in experiments/")
    parser.add_argument("--fixture", type=Path, metavar="F", help="instead of the experiment's")
    parser.add_argument("--api-workflow", type=Path, metavar="F", help="instead of the experiment's")
    parser.add_argument("--servers", metavar="URL,URL", help="ComfyUI servers; default: COMFYUI_API_URL. Several need Ray")
    parser.add_argument("--cluster", metavar="ADDRESS", help="of a Ray cluster; default: Ray is started here")
    add_run_options(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        jobs = _jobs(options)
        if options.dry_run:
            for job in jobs:
                sys.stdout.write(words(keep(options.data, job, dry(job))))
            return 0
        missing = missing_of(jobs, options.data)
        sys.stdout.write(f"{len(jobs)} runs, {len(jobs) - len(missing)} of them complete\n")
        sys.stdout.flush()
        return int(not _swept(options, missing))
    except (HarnessError, TrackerError, ImportError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what is finished is kept, and the same command goes on from there\n")
        return 130


def _swept(options: argparse.Namespace, missing: Sequence[RunJob]) -> bool:
    """Whether all that was missing is complete now."""
    urls = list(dict.fromkeys(url.strip().rstrip("/") for url in (options.servers or server_url()).split(",") if url.strip()))
    with stopped_by_signals():
        if len(urls) == 1 and options.cluster is None:
            return sweep_in_turn(missing, urls[0], options.data)
        from .sweep_on_ray import sweep_on_ray

        return sweep_on_ray(missing, urls, options.data, options.cluster)


def _jobs(options: argparse.Namespace) -> tuple[RunJob, ...]:
    experiment = read_experiment(options.experiment)
    path = options.fixture or experiment.fixture
    if path is None:
        raise HarnessError(f"{options.experiment} names no fixture; give one with --fixture")
    fixture = read_fixture(path)
    workflow = options.api_workflow or experiment.workflow or workflow_path(None, fixture)
    return jobs_of(experiment, fixture, read_prompt(workflow), workflow.name, not options.no_trace)
