"""A sweep over local servers on the tiny model: 24 runs on three servers, of which one is killed in the middle.

    python benchmarks/sweep_of_servers.py [--servers 3] [--runs 24]

Says how many rows there are, how many are complete, and whether a run has more than one. Exit status 0 if every run is complete
once.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import REPOSITORY

WORKFLOW = REPOSITORY / "example_workflows" / "api" / "audio-loop_smoke.json"
SONG_SECONDS = 4.0
MOST_SECONDS = 1800
EXPERIMENT = """
name = "overlap on servers"
tier = 1
seeds = [{seeds}]
[[arms]]
name = "17 frames"
settings = {{ overlap_seconds = 0.68 }}
[[arms]]
name = "9 frames"
settings = {{ overlap_seconds = 0.36 }}
"""


def main() -> None:
    """Sweeps, and kills one server when a third of the runs is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--runs", type=int, default=24, help="an even number: there are two arms")
    options = parser.parse_args()
    _setup.enter_environment()
    from audio_loop.demo.launch import make_tiny_models, tiny_server

    with tempfile.TemporaryDirectory(prefix="audio-loop-sweep-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        command = sweep_command(folder, options.runs)
        make_tiny_models(folder / "models")
        with ExitStack() as stack:
            servers = [
                stack.enter_context(tiny_server(folder / f"server-{number}", folder / "models"))
                for number in range(options.servers)
            ]
            killer = threading.Thread(target=kill_in_the_middle, args=(servers[-1], folder / "data", options.runs // 3))
            killer.start()
            begin = time.monotonic()
            urls = ",".join(server.url for server in servers)
            done = subprocess.run([*command, "--servers", urls], check=False, timeout=MOST_SECONDS)
            seconds = time.monotonic() - begin
            killer.join()
        sys.exit(told(folder / "data", options.runs, seconds, done.returncode))


def sweep_command(folder: Path, runs: int) -> list[str]:
    """Fixture and experiment in a folder, and the command that sweeps them."""
    from audio_loop.demo.fixture import write_fixture

    fixture = write_fixture(folder / "fixture", WORKFLOW, SONG_SECONDS)
    experiment = folder / "experiment.toml"
    experiment.write_text(EXPERIMENT.format(seeds=", ".join(map(str, range(runs // 2)))), encoding="utf-8")
    program = [sys.executable, str(REPOSITORY / "scripts" / "autoresearch.py"), "sweep", str(experiment)]
    return [*program, "--fixture", str(fixture), "--data", str(folder / "data")]


def kill_in_the_middle(server: Any, data: Path, kept: int) -> None:
    """Kills a server when so many runs are kept and it has begun another one."""
    while len(list(data.glob("runs/*/metrics.json"))) < kept:
        time.sleep(0.1)
    server.kill()
    print(f"--- {server.url} was killed", flush=True)


def told(data: Path, runs: int, seconds: float, status: int) -> int:
    """Prints what the sweep left; 0 if every run is complete once."""
    from audio_loop.autoresearch.keeping import tracker_in

    rows = tracker_in(data).rows()
    times = Counter(row.run_id for row in rows)
    complete = sum(row.status == "complete" for row in rows)
    print(f"{runs} runs in {seconds:.1f} s, exit status {status}: {len(rows)} rows, {complete} complete")
    print(f"runs with a row: {len(times)}; with more than one: {sum(count > 1 for count in times.values())}")
    return int(not (complete == len(times) == len(rows) == runs and status == 0))


if __name__ == "__main__":
    main()
