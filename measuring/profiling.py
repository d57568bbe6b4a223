"""torch.profiler over some iterations of a loop, and what it found as files: trace, table, memory timeline.

A session is an ordinary object that the nodes hand along; nothing is kept in module globals, so a hot reload or a
second session cannot find a stale one. Not begun, it costs nothing.
"""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch.profiler import ProfilerActivity, profile, schedule

from .trace_files import MEMORY_FILE, PROFILE_FILE, TABLE_FILE

log = logging.getLogger(__name__)

TABLE_ROWS = 40
LONGEST_END_BYTES = 64 << 10


class ProfilingError(ValueError):
    """A profiling setting or order of calls that cannot work."""


@dataclass(frozen=True)
class ProfileSettings:
    """The wishes of the node: how many iterations to measure, and into which files.

    Attributes:
        folder: where the files go.
        warmup_iterations: iterations to let pass first: they load models and compile kernels.
        active_iterations: iterations to record after that.
    """

    folder: Path
    warmup_iterations: int = 1
    active_iterations: int = 3


@dataclass
class ProfileSession:
    """A running profiler. Made by `begin_profile`, ended by `end_profile`."""

    settings: ProfileSettings
    profiler: profile | None
    memory_rows: list[dict[str, Any]] = field(default_factory=list)
    steps: int = 0


@dataclass(frozen=True)
class ProfileResult:
    """Files of a finished session; `trace` and `table` are None if no active iteration was reached."""

    trace: Path | None
    table: Path | None
    memory: Path
    summary: str


def begin_profile(settings: ProfileSettings) -> ProfileSession:
    """Starts profiling.

    Raises:
        ProfilingError: no active iteration, or a negative number of warm-up ones.
    """
    if settings.active_iterations < 1:
        raise ProfilingError(f"active_iterations is {settings.active_iterations}; at least 1 iteration must be recorded")
    if settings.warmup_iterations < 0:
        raise ProfilingError(f"warmup_iterations is {settings.warmup_iterations}; it must be 0 or more")
    activities = [ProfilerActivity.CPU]
    if torch.cuda.is_available():
        activities.append(ProfilerActivity.CUDA)
    profiler = profile(
        activities=activities,
        schedule=schedule(wait=0, warmup=settings.warmup_iterations, active=settings.active_iterations, repeat=1),
        profile_memory=True,
        record_shapes=True,
        on_trace_ready=lambda finished: _write_profile(finished, settings.folder),
    )
    settings.folder.mkdir(parents=True, exist_ok=True)
    session = ProfileSession(settings=settings, profiler=profiler)
    session.memory_rows.append(_memory_row(0))
    profiler.start()
    return session


def step_profile(session: ProfileSession) -> None:
    """Marks the end of one iteration.

    Raises:
        ProfilingError: the session has ended.
    """
    if session.profiler is None:
        raise ProfilingError("this profiling session has ended; begin a new one")
    session.steps += 1
    session.memory_rows.append(_memory_row(session.steps))
    session.profiler.step()


def end_profile(session: ProfileSession) -> ProfileResult:
    """Stops profiling and writes what was recorded.

    Raises:
        ProfilingError: the session has ended already.
    """
    if session.profiler is None:
        raise ProfilingError("this profiling session has ended already")
    session.profiler.stop()
    session.profiler = None
    folder = session.settings.folder
    memory = folder / MEMORY_FILE
    memory.write_text(json.dumps(session.memory_rows, indent=1) + "\n", encoding="utf-8")
    trace, table = folder / PROFILE_FILE, folder / TABLE_FILE
    recorded = min(max(0, session.steps - session.settings.warmup_iterations), session.settings.active_iterations)
    if table.is_file() and trace.is_file():
        summary = f"{recorded} of {session.steps} iterations recorded; open {PROFILE_FILE} at https://ui.perfetto.dev"
        return ProfileResult(trace=trace, table=table, memory=memory, summary=summary)
    summary = f"nothing recorded: {session.steps} iterations ran, {session.settings.warmup_iterations} of them are warm-up"
    log.warning("profile: %s", summary)
    return ProfileResult(trace=None, table=None, memory=memory, summary=summary)


def _write_profile(profiler: profile, folder: Path) -> None:
    order = "self_cuda_time_total" if torch.cuda.is_available() else "self_cpu_time_total"
    table = profiler.key_averages().table(sort_by=order, row_limit=TABLE_ROWS)
    (folder / TABLE_FILE).write_text(table + "\n", encoding="utf-8")
    profiler.export_chrome_trace(str(folder / PROFILE_FILE))
    _take_off_path(folder / PROFILE_FILE)


def _take_off_path(trace: Path) -> None:
    """torch ends a trace with the absolute path that it was written to; people hand traces to others."""
    with trace.open("r+b") as file:
        start = max(0, file.seek(0, os.SEEK_END) - LONGEST_END_BYTES)
        file.seek(start)
        end = re.sub(rb'("traceName":\s*)"[^\r\n]*"', rb'\1"' + trace.name.encode() + rb'"', file.read())
        file.seek(start)
        file.write(end)
        file.truncate()


def _memory_row(iteration: int) -> dict[str, Any]:
    """Memory at this moment: `allocated` and `reserved` on the accelerator, `peak` since the last row, `rss` of the
    process; all in bytes, null if there is no such thing."""
    row: dict[str, Any] = {"iteration": iteration, "allocated": None, "reserved": None, "peak": None}
    if torch.cuda.is_available():
        row.update(
            allocated=torch.cuda.memory_allocated(),
            reserved=torch.cuda.memory_reserved(),
            peak=torch.cuda.max_memory_allocated(),
        )
        torch.cuda.reset_peak_memory_stats()
    return {**row, "rss": _resident_bytes()}


def _resident_bytes() -> int:
    import psutil  # ComfyUI requires it

    return int(psutil.Process().memory_info().rss)
