"""Answers to the page that lets a person choose a run, a window or a take. Nothing is written."""

from __future__ import annotations

from typing import Any

from ..folders import runs_folder
from ..runs.on_disk import RunOnDisk, runs_on_disk, take_by_id, windows_on_disk
from ..runs.run_folder import MANIFEST_NAME, read_manifest_file
from .open_runs import open_store


class NotOnDiskError(LookupError):
    """A run or a take that was asked for is not on disk."""


def shown_runs() -> dict[str, Any]:
    """The runs, the one that was changed last first: `{"runs": [...]}`, each as `RunOnDisk` has it."""
    return {"runs": [run.to_json() for run in runs_on_disk(runs_folder())]}


def shown_windows(name: str) -> dict[str, Any]:
    """A run and its windows: `{"run": {...}, "windows": [...]}`, as `windows_on_disk` has them.

    Args:
        name: Of the run; "" means the one that was changed last.

    Raises:
        NotOnDiskError: There is no such run.
        CheckpointError: Its manifest is damaged, or a newer Audio Loop wrote it.
    """
    run = _run(name)
    try:
        manifest = read_manifest_file(runs_folder() / run.name / MANIFEST_NAME)
    except OSError as error:
        raise NotOnDiskError(f"run {run.name!r} cannot be read: {error.strerror}") from error
    return {"run": run.to_json(), "windows": windows_on_disk(manifest)}


def latent_of_take(name: str, index: int, take_id: str) -> dict[str, Any]:
    """The LATENT of a take.

    Args:
        name: Of the run.
        index: Of the window.
        take_id: First digits of the take's fingerprint.

    Raises:
        NotOnDiskError: There is no such take, or its file is damaged.
        CheckpointError: A newer Audio Loop wrote the run.
    """
    store = open_store(_run(name).name)
    stored = take_by_id(store.manifest(), index, take_id)
    found = None if stored is None else store.load(index, stored)
    if found is None:
        raise NotOnDiskError(f"run {name!r} has no readable take {take_id[:20]!r} of window {index}")
    latent: dict[str, Any] = found.latent
    return latent


def _run(name: str) -> RunOnDisk:
    # Compared with what is there: a name from the page never becomes a path.
    runs = runs_on_disk(runs_folder())
    run = next((each for each in runs if name in ("", each.name)), None)
    if run is None:
        raise NotOnDiskError(f"there is no run {name[:80]!r}" if name else "there is no run yet; render one first")
    return run
