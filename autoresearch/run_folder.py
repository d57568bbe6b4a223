"""The folder of a run, `data/runs/<id>/`: what was asked, what was measured, the traces, and the way to the video.

It is put together under another name and renamed once it is whole, so that a folder of that name is never half full.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..files.atomic_write import STALE_AFTER_SECONDS
from ..files.free_names import first_free, numbered
from ..files.json_document import dump_json, parse_json

WORKFLOW_FILE, FIXTURE_FILE, METRICS_FILE = "workflow.json", "fixture.json", "metrics.json"
VIDEO_STEM = "video"
_UNFINISHED = ".unfinished-"
_LONGEST_METRICS_BYTES = 64 << 20


@dataclass(frozen=True)
class RunContents:
    """The content of a run's folder.

    Attributes:
        workflow: The prompt that was queued, API form.
        fixture: The fixture, as it was used.
        metrics: Status and everything measured.
        traces: Name of a trace file -> its bytes.
        video: The finished video; None if there is none.
        keep_video: Move the video into the folder, because it is nobody else's; otherwise it is linked.
    """

    workflow: Mapping[str, Any]
    fixture: Mapping[str, Any]
    metrics: Mapping[str, Any]
    traces: Mapping[str, bytes] = field(default_factory=dict)
    video: Path | None = None
    keep_video: bool = False


def write_run_folder(folder: Path, contents: RunContents) -> None:
    """Writes a run's folder, whole or not at all. An earlier one of that name gets a number behind its name.

    Raises:
        OSError: It cannot be written; nothing is left of it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")
    unfinished.mkdir()
    try:
        _fill(unfinished, contents)
        if os.path.lexists(folder):
            folder.rename(first_free(numbered(folder)))
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def remove_unfinished(runs: Path) -> None:
    """Removes what crashed writers left in a folder of runs an hour ago or longer."""
    for path in runs.glob(f"{_UNFINISHED}*"):
        if time.time() - path.stat().st_mtime > STALE_AFTER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def read_metrics(folder: Path) -> Mapping[str, Any] | None:
    """The `metrics.json` of a run's folder; None if there is no such run.

    Raises:
        JsonDocumentError: Somebody damaged it.
    """
    path = folder / METRICS_FILE
    if not path.is_file():
        return None
    found = parse_json(path.read_bytes(), longest_bytes=_LONGEST_METRICS_BYTES, name=str(path))
    return found if isinstance(found, dict) else None


def _fill(folder: Path, contents: RunContents) -> None:
    documents = ((WORKFLOW_FILE, contents.workflow), (FIXTURE_FILE, contents.fixture), (METRICS_FILE, contents.metrics))
    for name, document in documents:
        (folder / name).write_bytes(dump_json(dict(document), indent=1))
    for name, data in contents.traces.items():
        (folder / name).write_bytes(data)
    if contents.video is not None:
        target = folder / f"{VIDEO_STEM}{contents.video.suffix}"
        if contents.keep_video:
            shutil.move(contents.video, target)
        else:
            _link(contents.video.resolve(), target)


def _link(video: Path, target: Path) -> None:
    try:
        target.symlink_to(video)
    except OSError:  # Windows asks for a right that few have
        target.with_name(f"{target.name}.txt").write_text(f"{video}\n", encoding="utf-8")
