"""Writes a file whole or not at all: temporary file in the same folder, fsync, rename, fsync of the folder.

Errors of the system are raised as they are; each room puts them into its own words.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

# RLIMIT_FSIZE and FAT's 4 GiB say EFBIG, quotas EDQUOT; to the person at the screen all three are "no room".
NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
NOT_ALLOWED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_TEMPORARY = re.compile(r"^\.audio_loop-[0-9a-f]{16}\.tmp$")
# A living writer touches its file with every chunk, so an hour of silence means that it was killed.
STALE_AFTER_SECONDS = 3600.0
_CHUNK_BYTES = 8 << 20
# Windows refuses to replace a file while another process reads it, which takes a moment.
RENAME_ATTEMPTS = 5
RENAME_PAUSE_SECONDS = 0.05


def write_atomically(path: Path, data: bytes) -> None:
    """Puts bytes into a file; whatever happens, the path holds the old content or the new, never a part.

    Args:
        path: The file; its folder must exist. An existing file is replaced, and its permissions stay.
        data: The whole content.

    Raises:
        OSError: It cannot be written; the temporary file is gone, the old content stays.
    """
    temporary = write_temporary(path, data)
    with contextlib.suppress(OSError):  # nothing there yet, or a file system without permissions
        temporary.chmod(stat.S_IMODE(path.stat().st_mode))
    publish(temporary, path)


def write_new(path: Path, data: bytes) -> None:
    """Puts bytes into a file that is not there yet: all of them, or there is no such file.

    Raises:
        FileExistsError: Something has the name; it is as it was.
        OSError: It cannot be written; nothing is left of it.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = write_temporary(path, data)
    try:
        publish_new(temporary, (path,))
    finally:
        discard(temporary)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to be written piece by piece; it gets its name once the block ends well, and nothing is left of it otherwise.

    Raises:
        FileExistsError: Something has the name, now or when the block ends; it is as it was.
        OSError: It cannot be written.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = path.parent / f".audio_loop-{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        publish_new(temporary, (path,))
    finally:
        discard(temporary)


def write_temporary(path: Path, data: bytes) -> Path:
    """Writes and syncs the bytes under a temporary name beside `path`; `publish` or `discard` it afterwards.

    Args:
        path: The file that it is going to be; only its folder is used.
        data: The whole content.

    Returns:
        The temporary file.

    Raises:
        OSError: It cannot be written; nothing is left of it.
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
    except BaseException:
        if descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(descriptor)
        discard(temporary)
        raise
    return temporary


def publish(temporary: Path, path: Path) -> None:
    """Gives a temporary file its name, durably.

    Args:
        temporary: From `write_temporary`.
        path: The name; an existing file is replaced.

    Raises:
        OSError: The rename failed; the temporary file is gone.
    """
    try:
        _retried(os.replace, temporary, path)
    except BaseException:
        discard(temporary)
        raise
    _sync(path.parent)


def publish_new(source: Path, names: Iterable[Path]) -> Path:
    """Gives a finished file or folder the first name that is free, durably; nothing is ever replaced.

    Args:
        source: A file that is on disk, or a folder of files, which are synced here; on the file system of the names.
        names: In order of preference.

    Returns:
        The name that it got.

    Raises:
        FileExistsError: All names are taken; the source stays.
        OSError: The system refuses; the source stays.
    """
    if source.is_dir():
        for path in (*source.iterdir(), source):
            _sync(path)
    for name in names:
        try:
            _retried(_rename_to_free, source, name)
        except FileExistsError:
            continue
        _sync(name.parent)
        return name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(source))


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


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    written = 0
    while written < len(view):
        count = os.write(descriptor, view[written : written + _CHUNK_BYTES])
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written += count


def _retried(rename: Callable[[Path, Path], object], source: Path, target: Path) -> None:
    for _ in range(RENAME_ATTEMPTS - 1):
        try:
            rename(source, target)
            return
        except PermissionError:
            time.sleep(RENAME_PAUSE_SECONDS)
    rename(source, target)


def _rename_to_free(source: Path, target: Path) -> None:
    if not source.is_dir():
        try:
            # A rename replaces what is there; a hard link refuses, even if another process is just as fast.
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError:
            pass  # a file system without hard links
        else:
            discard(source)
            return
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def _sync(path: Path) -> None:
    # Windows cannot open a folder and some network shares cannot sync one; nothing is worse without.
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
