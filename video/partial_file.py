"""Unfinished output: its name, its writing, and how it gets the name people look for."""

from __future__ import annotations

import logging
import os
from itertools import count
from pathlib import Path

from ..files.atomic_write import publish_new
from ..files.free_names import first_free, numbered
from .errors import VideoError

log = logging.getLogger(__name__)


def partial_path(path: Path) -> Path:
    """Where `path` is written until it is whole: `song_00001_.mp4` -> `song_00001_.partial.mp4`."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def refuse_existing(path: Path) -> None:
    """Refuses a name if writing it would touch something that is there.

    Raises:
        VideoError: the file, or an unfinished one of its name, exists.
    """
    for taken in (path, partial_path(path)):
        if os.path.lexists(taken):
            raise VideoError(f"{taken.name} exists already and is never overwritten; choose another name or move it away")


def free_path(folder: Path, name: str, extension: str, counter: int = 1) -> Path:
    """The first path `NAME_00001_EXTENSION` from `counter` on that neither a file nor an unfinished one has.

    `name` and `counter` are those of ComfyUI's `folder_paths.get_save_image_path`, which makes the same names.
    """
    names = (folder / f"{name}_{number:05}_{extension}" for number in count(counter))
    return first_free(names, lambda path: os.path.lexists(path) or os.path.lexists(partial_path(path)))


def publish(partial: Path, path: Path) -> Path:
    """Gives a finished file or folder its name, or the next free one beside it if that was taken meanwhile.

    Returns:
        The name that it got.
    """
    named = publish_new(partial, numbered(path))
    if named != path:
        log.warning("%s appeared while the video was made; it is kept, and this one is %s", path.name, named.name)
    return named


class PartialFile:
    """A new file that the muxer writes to: unbuffered, so that a killed process leaves all that was muxed.

    Short writes are completed: near a full disk the system takes a part, and FFmpeg would lose the rest silently. After
    the first failure the file stays as it is: whatever a muxer would still change could only make it unreadable.

    Attributes:
        failure: The first error of the system, None while all is well.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self.name = str(path)
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """Writes all of `data`, or raises what the system says; once it has raised, later data are dropped."""
        left = memoryview(data)
        while len(left) and self.failure is None:
            try:
                left = left[self._put(left) :]
            except OSError as error:
                self.failure = error
                raise
        return len(data)

    def _put(self, data: memoryview) -> int:
        return self._file.write(data) or 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves the position, as a file's."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The position, as a file's."""
        return self._file.tell()

    def sync(self) -> None:
        """Waits until the system has it on disk."""
        os.fsync(self._file.fileno())

    @property
    def closed(self) -> bool:
        """True once nothing can be written any more."""
        return self._file.closed

    def close(self) -> None:
        """Closes the file; twice is fine."""
        self._file.close()
