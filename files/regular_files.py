"""Regular files only: what a file is at this moment, and reading one that may be a pipe, a device or far too large.

A pipe under a file's name blocks whoever opens it until somebody writes into it, a device never ends. Neither may hang a
render, so both are refused by name.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FileIdentity:
    """The marks by which a file system tells a file's content apart without reading it.

    Attributes:
        inode: Number of the file on its file system; another one if a file was replaced by renaming. (The number of the
            file system itself may differ after every restart of the machine.)
        size_bytes: Length.
        modified_ns: Time of the last write. Anybody may set it, and copying tools do (`cp -p`, `rsync -a`).
        changed_ns: Time at which content, name or attributes last changed, which nobody can set. Windows and some
            network file systems give the time of creation or of the last write instead.
    """

    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @property
    def newest_ns(self) -> int:
        """The later of both times."""
        return max(self.modified_ns, self.changed_ns)


def identify(path: Path) -> FileIdentity:
    """Returns what a file is now; links are followed.

    Raises:
        OSError: The file is missing, or a folder, pipe, socket or device.
    """
    return _identity(os.stat(path), path)  # noqa: PTH116  Path.stat would build the same in two steps


def open_regular(path: Path) -> int:
    """Opens a file for reading and returns its descriptor; never waits.

    Raises:
        OSError: The file is missing, unreadable, or a folder, pipe, socket or device.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    try:
        _identity(os.fstat(descriptor), path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_regular(path: Path, longest_bytes: int) -> bytes:
    """Reads a whole small file.

    Args:
        path: The file; links are followed.
        longest_bytes: A longer one is refused unread.

    Raises:
        OSError: As `open_regular`, or the file is too long.
    """
    with open(open_regular(path), "rb") as file:
        data = file.read(longest_bytes + 1)
    if len(data) > longest_bytes:
        size_bytes = max(len(data), identify(path).size_bytes)
        raise OSError(f"{path} is {size_bytes / 2**20:.1f} MiB; over {longest_bytes / 2**20:g} MiB it is not read")
    return data


def _identity(status: os.stat_result, path: Path) -> FileIdentity:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{path} is not a regular file but {_kind(status.st_mode)}; save what it gives as a file")
    return FileIdentity(status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((name for is_kind, name in kinds if is_kind(mode)), "a device")
