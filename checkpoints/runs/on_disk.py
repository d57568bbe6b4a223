"""Runs in a folder, the windows of one and their takes, read from manifests alone: a person chooses from them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ...loop_control.plan import LoopPlan
from ...loop_control.stored_plan import plan_from_json
from ..errors import CheckpointError
from ..take import NAME_FINGERPRINT_DIGITS
from .manifest import Manifest, StoredTake, StoredWindow
from .run_folder import MANIFEST_NAME, read_manifest_file


@dataclass(frozen=True)
class RunOnDisk:
    """A run.

    Attributes:
        name: Its folder.
        changed: When its manifest was last written, UTC time in ISO 8601.
        finished: How many windows have a take.
        windows: How many the plan has; None if the run has no plan.
        song_seconds: Length of the song; None if the run has no plan.
        picture: (window, first digits of a take's fingerprint) of the picture that stands for the run; None if it has no take.
        problem: Why it cannot be read; "" if it can.
    """

    name: str
    changed: str
    finished: int = 0
    windows: int | None = None
    song_seconds: float | None = None
    picture: tuple[int, str] | None = None
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        """The run as a JSON mapping."""
        return {
            "name": self.name,
            "changed": self.changed,
            "finished": self.finished,
            "windows": self.windows,
            "song_seconds": self.song_seconds,
            "picture": None if self.picture is None else list(self.picture),
            "problem": self.problem,
        }


def runs_on_disk(root: Path) -> tuple[RunOnDisk, ...]:
    """The runs in a folder, the one that was changed last first. One that cannot be read says why."""
    found: list[tuple[int, RunOnDisk]] = []
    for path in root.glob(f"*/{MANIFEST_NAME}"):
        with contextlib.suppress(OSError):  # deleted meanwhile
            changed = path.stat().st_mtime_ns
            found.append((changed, _run(path, changed)))
    return tuple(run for _, run in sorted(found, key=lambda each: (-each[0], each[1].name)))


def last_changed_run(root: Path) -> str | None:
    """Name of the run that was changed last, whether or not it can be read; None if there is none."""
    paths = []
    for path in root.glob(f"*/{MANIFEST_NAME}"):
        with contextlib.suppress(OSError):
            paths.append((-path.stat().st_mtime_ns, path.parent.name))
    return min(paths)[1] if paths else None


def windows_on_disk(manifest: Manifest) -> list[dict[str, Any]]:
    """The windows of a run that have takes, as JSON mappings.

    Returns:
        For each `index`, `shows` ([start, end) in seconds of the video; None if the run has no plan for it), `locked`, and
        `takes`: `number` (1-based, as `takes` of a node counts them), `id` (first digits of the fingerprint), `chosen`,
        `made`, `seed`, `prompt`, `retake`.
    """
    plan = _plan(manifest.plan)
    return [_window_json(window, plan) for window in manifest.windows if window.takes]


def take_by_id(manifest: Manifest, index: int, take_id: str) -> StoredTake | None:
    """The take of a window whose fingerprint begins with these digits; None if there is none."""
    takes = manifest.window(index).takes
    return next((stored for stored in takes if len(take_id) >= 4 and stored.take.fingerprint.startswith(take_id)), None)


def _run(path: Path, changed_ns: int) -> RunOnDisk:
    name = path.parent.name
    changed = datetime.fromtimestamp(changed_ns / 1e9, timezone.utc).isoformat(timespec="seconds")
    try:
        manifest = read_manifest_file(path)
    except (CheckpointError, OSError) as error:
        return RunOnDisk(name, changed, problem=str(error))
    finished = [window for window in manifest.windows if window.takes]
    picture = None if not finished else (finished[0].index, _chosen_id(finished[0]))
    plan = _plan(manifest.plan)
    if plan is None:
        return RunOnDisk(name, changed, len(finished), picture=picture)
    return RunOnDisk(name, changed, len(finished), plan.iterations + 1, round(float(plan.duration), 3), picture)


def _plan(document: Mapping[str, Any] | None) -> LoopPlan | None:
    """The plan, or None: a run without a readable one can still be chosen by its name."""
    if document is None:
        return None
    try:
        return plan_from_json(document)
    except (ValueError, KeyError, TypeError):
        return None


def _chosen_id(window: StoredWindow) -> str:
    return (window.chosen or window.takes[-1].take.fingerprint)[:NAME_FINGERPRINT_DIGITS]


def _window_json(window: StoredWindow, plan: LoopPlan | None) -> dict[str, Any]:
    shows = None
    if plan is not None and window.index <= plan.iterations:
        planned = plan.windows[window.index]
        seconds = (planned.new_start_px / plan.fps, min(planned.new_stop_px, plan.frames_delivered) / plan.fps)
        shows = [round(float(second), 3) for second in seconds]
    takes = [
        {
            "number": number,
            "id": stored.take.fingerprint[:NAME_FINGERPRINT_DIGITS],
            "chosen": stored.take.fingerprint == window.chosen,
            "made": stored.take.created,
            "seed": None if stored.take.seed is None else str(stored.take.seed),
            "prompt": stored.take.prompt,
            "retake": stored.take.retake is not None,
        }
        for number, stored in enumerate(window.takes, 1)
    ]
    return {"index": window.index, "shows": shows, "locked": window.locked, "takes": takes}
