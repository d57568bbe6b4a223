"""Refusals of the file system, in words that name the place and what to do, found out before anything is rendered."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from ..files.atomic_write import NO_ROOM, NOT_ALLOWED
from .errors import VideoWriteError
from .partial_file import partial_path

_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EEXIST, errno.EISDIR})

# A file system that is full still makes empty files.
_PROBE_BYTES = 64 * 1024


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be written, and what helps."""

    reason: str
    remedy: str


def refusal(error: OSError, path: Path) -> Refusal:
    """The words for an error that the system gave while `path` was written."""
    folder = path.parent
    if error.errno in NO_ROOM:
        return Refusal("the disk is full", "Free some space and queue again")
    if error.errno in NOT_ALLOWED:
        return Refusal(
            f"ComfyUI may not write to {folder} ({error.strerror})",
            "Make the folder writable, or begin filename_prefix with another folder",
        )
    if error.errno == errno.ENAMETOOLONG:
        longest = max((os.fsencode(part) for part in path.parts), key=len)
        start = os.fsdecode(longest)[:40]
        return Refusal(f"a name of {len(longest)} bytes ({start}...) is too long for the disk", "Shorten filename_prefix")
    if error.errno in _IN_THE_WAY:
        blocking = next((part for part in reversed(path.parents) if part.exists() and not part.is_dir()), path)
        return Refusal(f"{blocking} is in the way", "Move it away, or choose another filename_prefix")
    return Refusal(f"writing {path} failed ({error.strerror or error})", "Check the output folder and queue again")


def check_writable(path: Path) -> None:
    """Writes what the unfinished file or folder of `path` would be, and takes it away again.

    Args:
        path: A file that does not exist; its folder is made.

    Raises:
        VideoWriteError: it cannot be written; says why and what to do.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = partial_path(path)
        file = probe.open("xb", buffering=0)
        try:
            with file:
                left = _PROBE_BYTES
                while left:
                    left -= file.write(bytes(left)) or 0
        finally:
            probe.unlink()
    except OSError as error:
        found = refusal(error, path)
        raise VideoWriteError(f"{found.reason}. {found.remedy}", None, 0) from error
