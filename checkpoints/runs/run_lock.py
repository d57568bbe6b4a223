"""One writer at a time in a run's folder, over all threads, processes and servers that share it.

The lock belongs to the operating system, which drops it when its holder dies: a killed server blocks nobody.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from ..errors import StoreBusyError
from ..write_errors import as_write_error

LOCK_NAME = ".audio_loop.lock"
# Writers hold it for a rename and a manifest, which take milliseconds; on a slow network share, a second or two.
LOCK_SECONDS = 30.0


@contextlib.contextmanager
def run_lock(folder: Path, warn: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock of a run's folder.

    Args:
        folder: The run's folder; it must exist.
        warn: Told if the file system has no locks; the work then goes on without, which is safe for segment files (their
            files are written whole under names of their own), but may lose a choice made on another server.

    Raises:
        StoreBusyError: Another process held the lock for 30 s.
        FolderNotWritableError: The folder is read-only.
        StoreWriteError: The lock file cannot be made for another reason.
    """
    lock = filelock.FileLock(folder / LOCK_NAME, timeout=LOCK_SECONDS)
    held = True
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise StoreBusyError(
            f"another process has held {folder / LOCK_NAME} for {LOCK_SECONDS:g} s; is a second server stuck on this run?"
        ) from error
    except (NotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK):
            raise as_write_error(error, folder / LOCK_NAME) from error
        held = False
        warn(f"{folder} is on a file system without locks; let only one server render this run")
    try:
        yield
    finally:
        if held:
            lock.release()
