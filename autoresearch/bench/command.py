"""The public benchmark on the console: `python -m audio_loop.autoresearch bench --server URL`.

Exit status: 0 a table, 1 a video has not the frames of its plan or another scorecard than expected, 2 it cannot be rendered.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...comfy_host.client import ComfyClient
from ...comfy_host.errors import ComfyError
from ...files.atomic_write import write_new
from ..errors import HarnessError
from ..filling import WORKFLOW, read_prompt
from ..fixture import read_fixture
from ..judge.version import judge_hash
from ..run_job import RunJob, new_run_id
from ..setting_values import read_settings
from .bench_table import bench_text
from .expected import deviations, scorecard
from .measure import BenchRun, measure

NAME = "song_v1"
SERVER = "http://127.0.0.1:8188"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autoresearch bench",
        description="Renders the public benchmark on a ComfyUI and prints a table: time, memory, and what the judge measures.",
    )
    parser.add_argument("--server", default=SERVER, metavar="URL", help=f"a running ComfyUI (default: {SERVER})")
    parser.add_argument("--workflow", type=Path, default=WORKFLOW, metavar="F", help="in API form (default: the shipped)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting; those are named in the table"
    )
    parser.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="so many renders, from the fixture's seed on (default: 1)"
    )
    parser.add_argument(
        "--tier", type=int, metavar="N", help="iterations of the loop at most; tables of a tier are no full ones"
    )
    parser.add_argument("--videos", type=Path, metavar="FOLDER", help="keep the videos there")
    parser.add_argument("--json", type=Path, metavar="F", help="write the scorecards to a new file")
    parser.add_argument("--expected", type=Path, metavar="F", help="compare with scorecards that --json wrote")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _bench(options)
    except (HarnessError, ComfyError, ImportError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2


def _bench(options: argparse.Namespace) -> int:
    if options.seeds < 1:
        raise HarnessError(f"--seeds is {options.seeds}; it is a whole number from 1 up")
    if options.json is not None and options.json.exists():
        raise HarnessError(f"{options.json} is there already; name a new file")
    settings = read_settings(options.set)
    with tempfile.TemporaryDirectory(prefix="audio-loop-bench-") as scratch:
        folder = Path(scratch) if options.videos is None else options.videos
        folder.mkdir(parents=True, exist_ok=True)
        with ComfyClient(options.server) as client:
            runs = [measure(job, client, folder) for job in _jobs(options, settings)]
        sys.stdout.write(_text(options, runs, settings))
    judge = judge_hash()
    if options.json is not None:
        write_new(options.json, (json.dumps(scorecard(runs, judge), indent=1, sort_keys=True) + "\n").encode())
    differing = [] if options.expected is None else list(deviations(runs, judge, options.expected))
    sys.stdout.write("".join(f"{each}\n" for each in differing))
    is_exact = all(run.expected_frames in (None, run.frames) for run in runs)
    return int(bool(differing) or not is_exact)


def _fixture_file() -> Path:
    file = Path(__file__).resolve().parents[2].joinpath("benchmarks", NAME, "fixture.json")
    if not file.is_file():
        raise HarnessError(f"the benchmark's song is in a clone of Audio Loop only; there is no {file}")
    return file


def _jobs(options: argparse.Namespace, settings: dict[str, object]) -> list[RunJob]:
    fixture = read_fixture(_fixture_file())
    prompt = read_prompt(options.workflow)
    whole = {**fixture.settings, **settings}
    first = int(str(whole["seed"]))
    job = RunJob("", fixture, prompt, options.workflow.name, whole, options.tier, is_traced=False)
    taken: list[str] = []
    jobs = []
    for seed in range(first, first + options.seeds):
        taken.append(new_run_id(taken))
        jobs.append(replace(job, run_id=taken[-1], settings={**whole, "seed": seed}))
    return jobs


def _text(options: argparse.Namespace, runs: Sequence[BenchRun], settings: dict[str, object]) -> str:
    text = bench_text(NAME, runs, judge_hash(), options.workflow.name)
    if settings:
        text += "\nSet: " + ", ".join(f"{name}={value}" for name, value in settings.items()) + "\n"
    if options.tier is not None:
        text += f"\nTier {options.tier}: the loop was cut short, so this is no full table.\n"
    return text
