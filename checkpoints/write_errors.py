"""Failures of the file system, in words and in the class that says what to do about them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..files.atomic_write import NO_ROOM, NOT_ALLOWED
from .errors import DiskFullError, FolderNotWritableError, StoreWriteError


@contextlib.contextmanager
def writing(path: Path, size_bytes: int = 0) -> Iterator[None]:
    """Puts a failure of the file system inside it into words.

    Args:
        path: The file or folder that is written.
        size_bytes: How much is written, for the message; 0 says nothing.

    Raises:
        DiskFullError: No space left.
        FolderNotWritableError: The folder is read-only.
        StoreWriteError: Any other failure of the file system.
    """
    try:
        yield
    except OSError as error:
        raise as_write_error(error, path, size_bytes) from error


def as_write_error(error: OSError, path: Path, size_bytes: int = 0) -> StoreWriteError:
    """The error to raise for one of the system; see `writing`."""
    if error.errno in NO_ROOM:
        needed = f" ({size_bytes / 1e6:.1f} MB)" if size_bytes else ""
        return DiskFullError(
            f"no space left while writing {path.name}{needed} to {path.parent}{_free(path.parent)}. "
            "What was finished before is whole: free some space and queue again, and it goes on from there"
        )
    if error.errno in NOT_ALLOWED:
        return FolderNotWritableError(f"{path.parent} cannot be written to: {error.strerror}")
    return StoreWriteError(f"{path} could not be written: {error}")


def _free(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return f", where {shutil.disk_usage(folder).free / 1e6:.1f} MB are free"
    return ""
