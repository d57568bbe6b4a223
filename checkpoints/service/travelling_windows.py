"""Finished windows that go from one ComfyUI to another: listed, handed out, taken in.

A segment file says itself which window of which run it is and proves every byte of it, so it travels as it is. A run
finds files that lie in its folder by itself.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from ...files.atomic_write import write_new
from ...files.hashing import new_hasher
from ...files.names import clean_name, resolve_inside
from ...files.regular_files import FileIdentity, identify
from ..errors import CheckpointError, DamagedSegmentError
from ..folders import runs_folder
from ..segments.container import parse_bytes, read_verified
from ..take import index_of_file_name, is_segment_file_of
from ..write_errors import writing


class NoSuchWindowError(LookupError):
    """A segment file that was asked for is not there."""


@dataclass(frozen=True)
class TravellingWindow:
    """A segment file.

    Attributes:
        name: File name, without a folder.
        window: Which window it is.
        hash: Content hash of the file.
    """

    name: str
    window: int
    hash: str

    def to_json(self) -> dict[str, str | int]:
        """The file as a JSON mapping."""
        return {"name": self.name, "window": self.window, "hash": self.hash}


def windows_of(run: str) -> tuple[TravellingWindow, ...]:
    """The segment files of a run, by name; none if there is no such run.

    Raises:
        UnsafeNameError: The name leads out of the folder of runs.
    """
    found = []
    folder = _folder(run)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        index = index_of_file_name(path.name)
        if index is not None:
            found.append(TravellingWindow(path.name, index, _hash(path, identify(path))))
    return tuple(found)


def window_file(run: str, name: str) -> bytes:
    """A segment file, every byte.

    Raises:
        NoSuchWindowError: The run has none of that name.
        DamagedSegmentError: It is damaged.
        UnsafeNameError: The run's name leads out of the folder of runs.
    """
    path = _path(run, name)
    if not path.exists():
        raise NoSuchWindowError(f"run {run!r} has no file {name!r}")
    return read_verified(path)[0]


def take_in(run: str, name: str, data: bytes) -> None:
    """Puts a segment file into a run's folder, which is made if it is not there. One that is there already is left alone.

    Raises:
        DamagedSegmentError: It is no whole segment file, or not the one that its name says.
        CheckpointError: Another file has its name.
        StoreWriteError: The disk is full, failing or read-only.
        UnsafeNameError: The run's name leads out of the folder of runs.
    """
    path = _path(run, name)
    info = parse_bytes(data, name)
    if not is_segment_file_of(name, info.index, info.take.fingerprint):
        raise DamagedSegmentError(f"{name} holds another window than its name says")
    with writing(path, len(data)):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = _write_if_new(path, data)
    if not is_new and read_verified(path)[0] != data:
        raise CheckpointError(f"run {run!r} has another file {name!r}")


def _write_if_new(path: Path, data: bytes) -> bool:
    try:
        write_new(path, data)
    except FileExistsError:
        return False
    return True


def _path(run: str, name: str) -> Path:
    if index_of_file_name(name) is None:
        raise NoSuchWindowError(f"{name[:80]!r} is no name of a window's file")
    return _folder(run) / name


def _folder(run: str) -> Path:
    return resolve_inside(runs_folder(), clean_name(run))


@functools.lru_cache(maxsize=4096)
def _hash(path: Path, _identity: FileIdentity) -> str:
    hasher = new_hasher()
    hasher.update(path.read_bytes())
    return hasher.hexdigest()
