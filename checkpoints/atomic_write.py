"""Writes a file whole or not at all: temporary file in the same folder, fsync, rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import time
from pathlib import Path

from .errors import DiskFullError, FolderNotWritableError, StoreWriteError

_TEMPORARY = re.compile(r"^\.audio_loop-[0-9a-f]{16}\.tmp$")
# A living writer touches its file with every chunk, so an hour of silence means that it was killed.
STALE_AFTER_SECONDS = 3600.0
_CHUNK_BYTES = 8 << 20
# Windows refuses to replace a file while another process reads it, which takes a moment.
RENAME_ATTEMPTS = 5
RENAME_PAUSE_SECONDS = 0.05
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def write_atomically(path: Path, data: bytes) -> None:
    """Puts bytes into a file; whatever happens, the path holds the old content or the new, never a part.

    Args:
        path: The file; its folder must exist. An existing file is replaced.
        data: The whole content.

    Raises:
        DiskFullError: No space left; the temporary file is gone, the old content stays.
        FolderNotWritableError: The folder is read-only.
        StoreWriteError: Any other failure of the file system.
    """
    publish(write_temporary(path, data), path)


def write_temporary(path: Path, data: bytes) -> Path:
    """Writes and syncs the bytes under a temporary name beside `path`; `publish` or `discard` it afterwards.

    Args:
        path: The file that it is going to be; only its folder and its name in messages are used.
        data: The whole content.

    Returns:
        The temporary file.

    Raises:
        DiskFullError: As `write_atomically`.
        FolderNotWritableError: As `write_atomically`.
        StoreWriteError: As `write_atomically`.
    """
    temporary = path.parent / f".audio_loop-{secrets.token_hex(8)}.tmp"
    descriptor = -1
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        descriptor = os.open(temporary, flags, 0o666)
        _write_all(descriptor, data)
        os.fsync(descriptor)
        os.close(descriptor)
        descriptor = -1
    except OSError as error:
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        discard(temporary)
        raise _explain(error, path, len(data)) from error
    return temporary


def publish(temporary: Path, path: Path) -> None:
    """Gives a temporary file its name, durably.

    Args:
        temporary: From `write_temporary`.
        path: The name; an existing file is replaced.

    Raises:
        StoreWriteError: The rename failed; the temporary file is gone.
    """
    for attempt in range(RENAME_ATTEMPTS):
        try:
            temporary.replace(path)
            break
        except OSError as error:
            if isinstance(error, PermissionError) and attempt + 1 < RENAME_ATTEMPTS:
                time.sleep(RENAME_PAUSE_SECONDS)
                continue
            discard(temporary)
            raise _explain(error, path, 0) from error
    _sync_folder(path.parent)


def discard(temporary: Path) -> None:
    """Removes a temporary file if it is there."""
    with contextlib.suppress(OSError):
        temporary.unlink()


def remove_stale_temporaries(folder: Path) -> int:
    """Removes what killed writers left behind: files of our own naming that nobody touched for an hour.

    Args:
        folder: The folder to tidy.

    Returns:
        How many were removed.
    """
    removed = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _TEMPORARY.match(entry.name):
                continue
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > STALE_AFTER_SECONDS:
                    Path(entry.path).unlink()
                    removed += 1
    return removed


def as_write_error(error: OSError, path: Path) -> StoreWriteError:
    """Puts a failure of the file system into words, in the class that says what to do about it."""
    return _explain(error, path, 0)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    written = 0
    while written < len(view):
        count = os.write(descriptor, view[written : written + _CHUNK_BYTES])
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written += count


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder and some network shares cannot sync one; the rename has happened all the same.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _explain(error: OSError, path: Path, size_bytes: int) -> StoreWriteError:
    if error.errno in _FULL:
        needed = f" ({size_bytes / 1e6:.1f} MB)" if size_bytes else ""
        return DiskFullError(
            f"no space left while writing {path.name}{needed} to {path.parent}{_free(path.parent)}. "
            "What was finished before is whole: free some space and queue again, and it goes on from there"
        )
    if error.errno in _READ_ONLY:
        return FolderNotWritableError(f"{path.parent} cannot be written to: {error.strerror}")
    return StoreWriteError(f"{path} could not be written: {error}")


def _free(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return f", where {shutil.disk_usage(folder).free / 1e6:.1f} MB are free"
    return ""
