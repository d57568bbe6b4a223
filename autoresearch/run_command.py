"""`python -m audio_loop.autoresearch --fixture F ...`: checks the wiring of a fixture, or renders, judges and keeps one run.

Exit status: 0 the run is complete, or nothing is wrong; 1 it failed, or something is wrong; 2 what was given cannot be used.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..comfy_host.errors import ServerError
from .errors import HarnessError, TrackerError
from .filling import WORKFLOW, read_prompt
from .fixture import Fixture, read_fixture
from .keeping import details, keep, tracker_in, words
from .performing import RunEnd, dry, perform
from .run_job import RunJob, new_run_id
from .run_options import add_run_options
from .setting_values import read_settings
from .tracker import COMPLETE, DRY_RUN, FAILED, INTERRUPTED

SERVER = "http://127.0.0.1:8188"
SERVER_VARIABLE, OUTPUT_VARIABLE = "COMFYUI_API_URL", "COMFYUI_OUTPUT_DIR"


def server_url() -> str:
    """The server that the environment names, else ComfyUI's usual place."""
    return (os.environ.get(SERVER_VARIABLE) or SERVER).rstrip("/")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoresearch",
        description="Renders a fixture on a running ComfyUI, judges the video and keeps what was measured. "
        "Further commands: sweep, report, bench.",
    )
    parser.add_argument("--fixture", type=Path, required=True, metavar="F", help="song, picture and words, as JSON")
    parser.add_argument("--preflight", action="store_true", help="only say what is wrong, without rendering")
    parser.add_argument("--tier", type=int, metavar="N", help="iterations of the loop at most, after the first window")
    parser.add_argument("--api-workflow", type=Path, metavar="F", help="in API form; default: the fixture's, else the shipped")
    parser.add_argument("--description", default="", metavar="T", help="words for the tracker")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, as in a fixture")
    add_run_options(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.preflight:
            return _preflight(options)
        fixture = read_fixture(options.fixture)
        job = _job(options, fixture)
        return _run(options, job)
    except (HarnessError, TrackerError, ImportError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2


def workflow_path(given: Path | None, fixture: Fixture) -> Path:
    """The workflow of a run: the given one, else the fixture's, else the shipped one."""
    if given is not None:
        return given
    return fixture.file("workflow") if "workflow" in fixture.document else WORKFLOW


def _preflight(options: argparse.Namespace) -> int:
    from .wiring import problems

    found = list(problems(options.fixture, options.api_workflow, options.tier, read_settings(options.set), server_url()))
    if not found:
        sys.stdout.write("Preflight OK.\n")
        return 0
    sys.stdout.write("".join(f"{number}. {problem}\n" for number, problem in enumerate(found, 1)))
    return 1


def _job(options: argparse.Namespace, fixture: Fixture) -> RunJob:
    path = workflow_path(options.api_workflow, fixture)
    taken = [row.run_id for row in tracker_in(options.data).rows()]
    settings = {**fixture.settings, **read_settings(options.set)}
    is_traced = not options.no_trace
    return RunJob(
        new_run_id(taken), fixture, read_prompt(path), path.name, settings, options.tier, options.description, is_traced
    )


def _run(options: argparse.Namespace, job: RunJob) -> int:
    finished = dry(job) if options.dry_run else _performed(job, output_folder())
    row = keep(options.data, job, finished)
    sys.stdout.write(words(row) + details(row))
    return int(row.status not in (COMPLETE, DRY_RUN))


def output_folder() -> Path:
    """ComfyUI's output folder, as the environment names it.

    Raises:
        HarnessError: It does not, or there is no such folder.
    """
    given = os.environ.get(OUTPUT_VARIABLE, "")
    if not given:
        raise HarnessError(f"{OUTPUT_VARIABLE} is not set; set it to the folder that ComfyUI writes its videos to")
    if not Path(given).is_dir():
        raise HarnessError(f"{OUTPUT_VARIABLE} is {given!r}, which is no folder")
    return Path(given)


def _performed(job: RunJob, output: Path) -> RunEnd:
    try:
        with stopped_by_signals(), tempfile.TemporaryDirectory(prefix="audio-loop-run-") as scratch:
            return perform(job, [server_url()], Path(scratch), output)
    except KeyboardInterrupt:
        return RunEnd(INTERRUPTED, dry(job).prompt, {"error": "it was stopped"})
    except ServerError as error:
        return RunEnd(FAILED, dry(job).prompt, {"error": str(error)})


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """A request to end (SIGTERM) stops what is inside as Ctrl+C does."""

    def stop(*_signal: Any) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
