"""Files of the report: a name that is taken is left as it is, and a free one beside it is used."""

from __future__ import annotations

from pathlib import Path

from ..files.atomic_write import publish_new, write_temporary
from ..files.free_names import numbered


class OutputError(ValueError):
    """A file cannot be written. The message says which and why."""


def write_free(path: Path, data: bytes) -> Path:
    """Writes a new file, whole or not at all, and returns its name.

    Raises:
        OutputError: Its folder is missing, or the system refuses.
    """
    require_folder(path)
    try:
        return publish_new(write_temporary(path, data), numbered(path))
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


def require_folder(path: Path) -> None:
    """Refuses a file whose folder is missing.

    Raises:
        OutputError: It is.
    """
    if not path.parent.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {path.parent}; make it first")


def make_folder(path: Path) -> None:
    """Makes a folder, and those that it lies in, if it is missing.

    Raises:
        OutputError: The system refuses.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be made: {error.strerror}") from None
