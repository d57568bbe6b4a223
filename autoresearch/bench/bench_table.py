"""The outcome of the benchmark as a table that anyone can publish."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from ..reporting.comparisons import numbers_of
from ..reporting.tables import NONE, number, table
from .measure import BenchRun

_BARS = "▁▂▃▄▅▆▇█"
CURVE_COLUMNS = 24
_NOT_ROWS = ("frames", "seconds_per_window")
"""Metrics that have a row of their own above the others."""


def bench_text(name: str, runs: Sequence[BenchRun], judge: str, workflow: str) -> str:
    """The table, with the machine above it.

    Args:
        name: Of the benchmark.
        runs: The renders, one for each seed.
        judge: Version of the judge.
        workflow: Name of the workflow.
    """
    machine = runs[0].machine
    vram = "" if machine.vram_mib is None else f", {machine.vram_mib / 1024:.1f} GiB"
    head = (
        f"Audio Loop bench {name}, judge {judge}, workflow {workflow}\n"
        f"{machine.device}{vram}; RAM {machine.ram_mib / 1024:.1f} GiB; ComfyUI {machine.comfyui}, torch {machine.torch}"
    )
    columns = [f"seed {run.seed}" for run in runs]
    rows = [[label, *cells] for label, cells in _rows(runs)]
    return f"{head}\n\n{table(['', *columns], rows)}\n"


def _rows(runs: Sequence[BenchRun]) -> Iterable[tuple[str, list[str]]]:
    yield "s per window (median, first left out)", [_seconds(run.took.per_window) for run in runs]
    yield "windows sampled", [str(len(run.took.windows)) for run in runs]
    yield "decode and save, s", [_seconds(run.took.decode) for run in runs]
    yield "whole render, s", [_seconds(run.took.whole) for run in runs]
    yield "peak VRAM taken, MiB", [_peak([look.vram_mib for look in run.memory]) for run in runs]
    yield "VRAM curve", [curve([look.vram_mib for look in run.memory]) for run in runs]
    yield "peak RAM taken, MiB", [_peak([look.ram_mib for look in run.memory]) for run in runs]
    yield "RAM curve", [curve([look.ram_mib for look in run.memory]) for run in runs]
    yield "frames", [frames_words(run) for run in runs]
    numbers = [numbers_of(run.metrics) for run in runs]
    for name in dict.fromkeys(name for each in numbers for name in each if name not in _NOT_ROWS):
        yield name, [number(each[name]) if name in each else NONE for each in numbers]
    missing = sorted(
        {key.removesuffix("_status") for run in runs for key, value in run.metrics.items() if _is_missing(key, value)}
    )
    for name in missing:
        yield name, [str(run.metrics.get(f"{name}_status", NONE)) for run in runs]


def _is_missing(key: str, value: object) -> bool:
    return key.endswith("_status") and value != "ok"


def frames_words(run: BenchRun) -> str:
    """Whether the video has exactly the frames that the song needs."""
    if run.expected_frames is None:
        return f"{run.frames}; no plan to compare with"
    if run.frames == run.expected_frames:
        return f"{run.frames}, exact"
    return f"{run.frames}, NOT the {run.expected_frames} of the plan"


def _seconds(value: float) -> str:
    return NONE if math.isnan(value) else f"{value:.1f}"


def _peak(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{max(known):.0f}" if known else NONE


def curve(values: Sequence[float | None], columns: int = CURVE_COLUMNS) -> str:
    """A curve over time in one line, from its lowest to its highest value; each column is the highest of its time."""
    known = [value for value in values if value is not None]
    if not known:
        return NONE
    edges = [round(column * len(known) / columns) for column in range(columns + 1)]
    peaks = [max(known[start:stop]) for start, stop in itertools.pairwise(edges) if stop > start]
    low, high = min(peaks), max(peaks)
    steps = [0 if high == low else round((peak - low) / (high - low) * (len(_BARS) - 1)) for peak in peaks]
    return "".join(_BARS[step] for step in steps)
