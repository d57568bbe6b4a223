"""Migrating files: each write is atomic, and the bytes before it are kept so that they come back exactly.

They lie beside the file, in `NAME.undo` (NAME with its ending), as a stack of steps: which migration, the bytes before, and a
hash of the bytes after. A step is taken back only while the file still has the bytes that the step left, so nothing that
was saved since is lost. The stack goes with its last step. A file of that name that is not such a stack is never touched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...files.json_document import parse_json
from ...files.regular_files import read_regular
from .. import document as documents
from ..document import Document
from .chain import Outcome
from .migration import MigrationError

_MARK = "audio_loop undo"
_MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Step:
    """One kept step: what was done, the bytes before, the SHA-256 of the bytes after."""

    name: str
    before: bytes
    after: str


def undo_path(path: Path) -> Path:
    """Where the steps of a file are kept."""
    return path.with_name(f"{path.name}.undo")


def change(path: Path, work: Callable[[Document], Outcome], name: str, *, write: bool) -> Outcome:
    """Changes a file in place and keeps its bytes of before.

    Args:
        path: A UI workflow.
        work: Makes the new document.
        name: The step's name; `restore` asks for it.
        write: False only says what would change.

    Raises:
        DocumentError: The file cannot be read or written, or `work` refuses.
    """
    path = path.resolve()
    document = documents.load_workflow(path)
    outcome = work(document)
    if not outcome.made or not write:
        return outcome
    before = path.read_bytes()
    after = documents.dumps(outcome.document)
    if documents.loads(before, name=str(path)) != document:
        raise MigrationError(f"{path} was saved by something else meanwhile; run it again")
    steps = [*_valid(path, before), Step(name, before, _digest(after))]
    # The way back is on disk before the file changes: whenever the power fails, one of the two bytes is whole.
    _write(path, steps)
    documents.save_bytes(after, path, replace=True)
    return outcome


def restore(path: Path, name: str, *, write: bool) -> bool:
    """Brings back the bytes of before a step.

    Args:
        path: The file.
        name: The step, which must be the last one.
        write: False only says whether it could.

    Returns:
        Whether the bytes are kept; False if this step is not the last that was made to the file.

    Raises:
        MigrationError: The file was saved since, so its bytes of before would lose what is new.
    """
    path = path.resolve()
    steps = read(path)
    if not steps or name not in [step.name for step in steps]:
        return False
    now = _bytes(path)
    steps = _valid(path, now)
    if not steps or steps[-1].name != name:
        return False
    last = steps[-1]
    if _digest(now) != last.after:
        raise MigrationError(
            f"{path} was saved after {name}; bringing back its bytes of before would lose that. "
            "Copy the file elsewhere first and use --revert --force, or edit the graph itself"
        )
    if write:
        bring_back(path, steps)
    return True


def force_restore(path: Path, name: str) -> bool:
    """Brings back the bytes of before the last step called `name`, whatever the file holds now; that is kept in turn.

    Returns:
        Whether there was such a step.
    """
    path = path.resolve()
    steps = read(path)
    index = next((i for i in range(len(steps) - 1, -1, -1) if steps[i].name == name), None)
    if index is None:
        return False
    now, earlier = _bytes(path), steps[index].before
    _write(path, [*steps, Step(f"revert of {name}", now, _digest(earlier))])
    documents.save_bytes(earlier, path, replace=True)
    return True


def bring_back(path: Path, steps: list[Step]) -> None:
    """Writes the bytes of before the last of `steps` and drops it."""
    documents.save_bytes(steps[-1].before, path, replace=True)
    rest = steps[:-1]
    if rest:
        _write(path, rest)
    else:
        undo_path(path).unlink(missing_ok=True)


def read(path: Path) -> list[Step]:
    """The kept steps of a file, oldest first.

    Raises:
        MigrationError: A file of the stack's name is something else, or damaged.
    """
    where = undo_path(path)
    if not where.exists():
        return []
    try:
        stack = parse_json(read_regular(where, _MAX_BYTES), longest_bytes=_MAX_BYTES)
        if stack["kind"] != _MARK:
            raise ValueError("another kind")
        return [_step(entry) for entry in stack["steps"]]
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise MigrationError(
            f"{where} is not the list of earlier versions that belongs beside {path.name}, or it is damaged; move it away"
        ) from error


def _step(entry: dict[str, Any]) -> Step:
    expand = zlib.decompressobj()
    before = expand.decompress(base64.b64decode(entry["before"], validate=True), documents.MAX_BYTES)
    if _digest(before) != entry["sha256_before"]:
        raise ValueError("damaged")
    return Step(str(entry["name"]), before, str(entry["sha256_after"]))


def _valid(path: Path, now: bytes) -> list[Step]:
    """The steps without a last one whose file was never written (a crash between the two writes)."""
    steps = read(path)
    while steps and steps[-1].before == now and steps[-1].after != _digest(now):
        steps.pop()
    return steps


def _write(path: Path, steps: list[Step]) -> None:
    entries = [
        {
            "name": step.name,
            "sha256_before": _digest(step.before),
            "sha256_after": step.after,
            "before": base64.b64encode(zlib.compress(step.before, 9)).decode("ascii"),
        }
        for step in steps
    ]
    data = json.dumps({"kind": _MARK, "file": path.name, "steps": entries}, indent=1).encode() + b"\n"
    documents.save_bytes(data, undo_path(path), replace=True)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MigrationError(f"{path} cannot be read: {error.strerror or error}") from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


__all__ = ["Step", "bring_back", "change", "force_restore", "read", "restore", "undo_path"]
