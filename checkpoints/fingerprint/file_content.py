"""Content of what a value names: a file, or a folder with all that lies in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...files.hashing import digest_parts

MOST_FILES_IN_A_FOLDER = 5000


@dataclass(frozen=True)
class FileContent:
    """Stands in a value for the file that it names.

    Attributes:
        digest: Of the content; the name does not count.
        value: What the value says besides; None if the content says all.
    """

    digest: bytes
    value: str | None = None


def files_in(path: Path) -> tuple[Path, ...]:
    """The file itself, or the files of a folder in order of their names, hidden ones left out.

    Raises:
        OSError: The folder cannot be read, or holds more than 5000 files.
    """
    if not path.is_dir():
        return (path,)
    files: list[Path] = []
    for file in _walk(path):
        files.append(file)
        if len(files) > MOST_FILES_IN_A_FOLDER:
            raise OSError(f"the folder {path.name} holds more than {MOST_FILES_IN_A_FOLDER} files")
    return tuple(sorted(files))


def digest_of(path: Path, hash_file: Callable[[Path], bytes]) -> bytes:
    """Digest of a file's content; of a folder's files and their names in it.

    Args:
        path: A file or a folder.
        hash_file: Digest of one file.

    Raises:
        OSError: Something cannot be read.
    """
    if not path.is_dir():
        return hash_file(path)
    parts = (digest_parts("entry", file.relative_to(path).as_posix(), hash_file(file)) for file in files_in(path))
    return digest_parts("folder", *parts)


def _walk(root: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise error

    for folder, inner, names in os.walk(root, onerror=fail, followlinks=False):
        inner[:] = [name for name in inner if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))
