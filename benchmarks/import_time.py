"""Time that the pack adds to ComfyUI's start: loading it after ComfyUI and its own nodes.

    python benchmarks/import_time.py [--runs 3] [--slowest 8]

Each measurement is a process of its own that starts ComfyUI as far as its built-in nodes and then lets ComfyUI's loader
load a copy of the pack. "cold" has no compiled `.pyc` files of the pack, "warm" has them. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import _setup

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui

LEFT_OUT = shutil.ignore_patterns(".*", "tests", "docs", "benchmarks", "__pycache__")
MARK = "the pack is loaded from here on"

CHILD = f"""
import asyncio, json, logging, sys, time
import comfy.options
comfy.options.enable_args_parsing(False)
from comfy.cli_args import args
args.cpu = True
import server, execution, nodes
asyncio.run(nodes.init_extra_nodes(init_custom_nodes=False, init_api_nodes=False))
print({MARK!r}, file=sys.stderr, flush=True)
wall, processor = time.perf_counter(), time.process_time()
loaded = asyncio.run(nodes.load_custom_node(sys.argv[1]))
answer = {{"wall": time.perf_counter() - wall, "processor": time.process_time() - processor, "loaded": loaded}}
print("ANSWER" + json.dumps(answer))
"""


def load(pack: Path, importtime: bool = False) -> tuple[dict[str, float], str]:
    """Seconds of loading `pack` in a fresh process, and what the process wrote to stderr while it did."""
    environment = {**os.environ, "PYTHONPATH": str(ensure_comfyui())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    flags = ["-P", *(["-X", "importtime"] if importtime else [])]
    command = [sys.executable, *flags, "-c", CHILD, str(pack)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=pack.parent, check=False)
    if done.returncode != 0 or "ANSWER" not in done.stdout:
        raise RuntimeError(f"ComfyUI could not be started:\n{done.stderr[-3000:]}")
    answer = json.loads(done.stdout.rpartition("ANSWER")[2])
    if not answer["loaded"]:
        raise RuntimeError(f"ComfyUI could not load the pack:\n{done.stderr[-3000:]}")
    return answer, done.stderr.rpartition(MARK)[2]


def slowest_imports(stderr: str, count: int) -> list[tuple[str, float, float]]:
    """(module, own ms, ms with what it imports), slowest by own time first, from `-X importtime`."""
    rows = []
    for line in stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and len(parts) == 3 and parts[0].strip().isdigit():
            rows.append((parts[2].strip(), int(parts[0]) / 1000, int(parts[1]) / 1000))
    return sorted(rows, key=lambda row: -row[1])[:count]


def main() -> int:
    """Measures and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="processes per row; the median counts")
    parser.add_argument("--slowest", type=int, default=8, help="modules in the second table")
    options = parser.parse_args()
    _setup.enter_environment()
    with tempfile.TemporaryDirectory() as folder:
        pack = Path(folder) / "audio-loop"
        shutil.copytree(REPOSITORY, pack, ignore=LEFT_OUT)
        print("| compiled files | wall ms | processor ms |\n|---|---|---|")
        for state in ("cold", "warm"):
            load(pack)
            answers = []
            for _ in range(options.runs):
                if state == "cold":
                    for cached in [*pack.rglob("__pycache__")]:
                        shutil.rmtree(cached)
                answers.append(load(pack)[0])
            row = [1000 * statistics.median(answer[key] for answer in answers) for key in ("wall", "processor")]
            print(f"| {state} | {row[0]:.0f} | {row[1]:.0f} |", flush=True)
        print("\n| module | own ms | with its imports ms |\n|---|---|---|")
        for name, own, total in slowest_imports(load(pack, importtime=True)[1], options.slowest):
            print(f"| `{name.rpartition('audio-loop.')[2]}` | {own:.1f} | {total:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
