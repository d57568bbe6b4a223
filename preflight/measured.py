"""Time and memory that windows took in earlier renders of this machine: only what the stored runs say."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..checkpoints.errors import CheckpointError
from ..checkpoints.runs.manifest import Manifest
from ..checkpoints.runs.run_folder import MANIFEST_NAME, read_manifest_file
from ..checkpoints.service.disk_room import OVERHEAD_BYTES
from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan
from ..loop_control.stored_plan import plan_from_json
from ..loop_control.units import VIDEO_LATENT_CHANNELS

TOKEN_BYTES = VIDEO_LATENT_CHANNELS * 4
"""Of one position of a latent. Latents are sampled and kept as float32."""

MOST_RUNS = 100
"""Runs that are looked at, the newest first."""


@dataclass(frozen=True)
class CountedSize:
    """The size that the operations of a window follow from.

    Attributes:
        window_px: Its own frames; the last window of a run may have fewer than the others.
        fps: Frames a second.
        tokens_per_latent: Height times width of its latents.
    """

    window_px: int
    fps: Fraction
    tokens_per_latent: int


@dataclass(frozen=True)
class MadeWindow:
    """One window of an earlier render.

    Attributes:
        seconds: Wall time that it took.
        peak_memory_bytes: Highest device memory meanwhile; None if it was not measured.
        window_px: Frames of a window in its run.
        file_bytes: Size of its file, by which windows of another picture size are told apart.
        counted: What its operations follow from; None if its run does not say.
    """

    seconds: float
    peak_memory_bytes: int | None
    window_px: int
    file_bytes: int
    counted: CountedSize | None = None


@dataclass(frozen=True)
class Measured:
    """Time and memory that windows of one size took.

    Attributes:
        count: Windows that were measured.
        median_seconds: Half of them took no longer.
        shortest_seconds: The quickest.
        longest_seconds: The slowest.
        peak_memory_bytes: The highest of all; None if none was measured.
    """

    count: int
    median_seconds: float
    shortest_seconds: float
    longest_seconds: float
    peak_memory_bytes: int | None


def made_windows(runs_folder: Path) -> tuple[MadeWindow, ...]:
    """The windows of the newest runs in a folder; a run that cannot be read counts as none."""
    try:
        found = [(path.stat().st_mtime_ns, path) for path in runs_folder.glob(f"*/{MANIFEST_NAME}")]
    except OSError:
        return ()
    made: list[MadeWindow] = []
    for _, path in sorted(found, reverse=True)[:MOST_RUNS]:
        try:
            made.extend(_of_run(read_manifest_file(path), path.parent))
        except (OSError, CheckpointError):
            continue
    return tuple(made)


def _of_run(manifest: Manifest, folder: Path) -> Iterator[MadeWindow]:
    outcome: Any = (manifest.plan or {}).get("outcome")
    window_px = outcome.get("window_px") if isinstance(outcome, dict) else None
    if not isinstance(window_px, int):
        return
    sizes = _counted_sizes(manifest, folder)
    for window in manifest.windows:
        for stored in window.takes:
            path = folder / stored.file
            if stored.take.seconds > 0 and path.is_file():
                counted = sizes.get(window.index)
                yield MadeWindow(stored.take.seconds, stored.take.peak_memory_bytes, window_px, path.stat().st_size, counted)


def _counted_sizes(manifest: Manifest, folder: Path) -> dict[int, CountedSize]:
    """By number of the window. The size of a picture follows from the file of window 0, which is always stored whole."""
    try:
        plan = plan_from_json(manifest.plan or {})
        first = next((folder / stored.file for stored in manifest.window(0).takes), None)
        tokens = 0 if first is None else first.stat().st_size // (plan.nth_window(0).window_latents * TOKEN_BYTES)
        if tokens < 1:
            return {}
        indexes = [window.index for window in manifest.windows if window.index <= plan.iterations]
        return {index: CountedSize(plan.nth_window(index).window_px, plan.fps, tokens) for index in indexes}
    except (OSError, PlanError):
        return {}


def measured(made: Iterable[MadeWindow], plan: LoopPlan, latent_frame_bytes: int) -> Measured | None:
    """Time and memory of windows of this length and picture size; None if none was made.

    Args:
        made: Windows of earlier renders.
        plan: The plan of the next.
        latent_frame_bytes: Bytes of one latent frame of the video.
    """
    # A window is stored whole, or without what it shares with the one before.
    sizes = [latents * latent_frame_bytes for latents in (plan.window_latents, plan.new_latents)]
    alike = [
        each
        for each in made
        if each.window_px == plan.window_px and any(0 <= each.file_bytes - size <= OVERHEAD_BYTES for size in sizes)
    ]
    if not alike:
        return None
    seconds = [each.seconds for each in alike]
    peaks = [each.peak_memory_bytes for each in alike if each.peak_memory_bytes is not None]
    return Measured(len(alike), statistics.median(seconds), min(seconds), max(seconds), max(peaks, default=None))
