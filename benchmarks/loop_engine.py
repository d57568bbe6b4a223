"""Time and memory of the loop engine on ComfyUI's real executor, with bodies that do next to nothing.

    python benchmarks/loop_engine.py [--cache default|none|lru|ram] [--runs 3]

Prints a Markdown table: median wall and processor time of each prompt from its start to its end, and by how much the
process grew while it ran. Processor time is the figure to compare on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import _setup

from audio_loop.comfy_host.environment import ensure_comfyui
from audio_loop.comfy_host.in_process import CACHES, InProcessComfyUI

CASES = ((10, 1), (50, 1), (100, 1), (200, 1), (400, 1), (600, 3))
"""(iterations, nodes in the body)."""

RECURSIVE_SECONDS = {10: 0.12, 50: 1.2, 100: 5.5, 200: 28.0, 400: 185.0}
"""Wall time of an engine that expands the rest of the loop inside each iteration, one node in the body, an idle machine."""

SAMPLING_INTERVAL_SECONDS = 0.005


def loop_prompt(iterations: int, body_nodes: int, color: int) -> dict[str, Any]:
    """A loop that inverts an 8x8 picture `body_nodes` times per iteration and joins the results."""
    prompt: dict[str, Any] = {
        "source": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": color}},
        "open": {
            "class_type": "TensorLoopOpen",
            "inputs": {"mode": "iterations", "mode.iterations": iterations, "initial_value": ["source", 0]},
        },
    }
    last: list[Any] = ["open", 1]
    for index in range(body_nodes):
        prompt[f"body{index}"] = {"class_type": "ImageInvert", "inputs": {"image": last}}
        last = [f"body{index}", 0]
    prompt["close"] = {
        "class_type": "TensorLoopClose",
        "inputs": {"flow_control": ["open", 0], "processed": last, "accumulate": True, "overlap": "disabled"},
    }
    prompt["end"] = {"class_type": "PreviewAny", "inputs": {"source": ["close", 0]}}
    return prompt


@contextmanager
def memory_growth() -> Iterator[list[float]]:
    """A list that receives one number at the end: by how many MiB the process grew at most meanwhile."""
    import psutil

    process, done, answer = psutil.Process(), threading.Event(), [0.0]
    before = process.memory_info().rss

    def sample() -> None:
        while not done.wait(SAMPLING_INTERVAL_SECONDS):
            answer[0] = max(answer[0], (process.memory_info().rss - before) / 2**20)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield answer
    finally:
        done.set()
        thread.join()


def measure(comfy: InProcessComfyUI, iterations: int, body_nodes: int, runs: int) -> tuple[float, float, float]:
    """Median wall seconds, median processor seconds, and growth in MiB in one further run."""
    wall, processor = [], []
    for run in range(runs):
        prompt = loop_prompt(iterations, body_nodes, color=iterations * 1000 + run)
        wall_start, processor_start = time.perf_counter(), time.process_time()
        comfy.run(prompt, ["end"])
        wall.append(time.perf_counter() - wall_start)
        processor.append(time.process_time() - processor_start)
    with memory_growth() as grown:
        comfy.run(loop_prompt(iterations, body_nodes, color=iterations * 1000 + runs), ["end"])
    return statistics.median(wall), statistics.median(processor), grown[0]


def main() -> int:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", choices=list(CACHES), default="default", help="kind of ComfyUI's cache")
    parser.add_argument("--runs", type=int, default=3, help="runs of each case; the median counts")
    options = parser.parse_args()
    _setup.enter_environment()
    comfy = InProcessComfyUI(ensure_comfyui(), options.cache)
    logging.disable(logging.WARNING)
    comfy.run(loop_prompt(3, 1, color=1), ["end"])
    print("| iterations | nodes in the body | wall s | processor s | grew by MiB | recursive engine, wall s |")
    print("|---|---|---|---|---|---|")
    for iterations, body_nodes in CASES:
        wall, processor, growth = measure(comfy, iterations, body_nodes, options.runs)
        before = RECURSIVE_SECONDS.get(iterations) if body_nodes == 1 else None
        row = (iterations, body_nodes, f"{wall:.2f}", f"{processor:.2f}", f"{growth:.1f}", before or "-")
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
