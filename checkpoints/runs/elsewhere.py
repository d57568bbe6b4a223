"""Windows that another run has: an equal fingerprint proves that they are the same, whatever the run is called.

A run begins anew if another picture, song or name is given. What did not change for that is taken over, not sampled.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ..errors import CheckpointError
from ..take import segment_file_name
from .manifest import Manifest, StoredTake
from .run_folder import MANIFEST_NAME, read_manifest_file
from .selection import takes_for

UsableIn = Callable[[Manifest], Iterable[str]]
"""Run -> fingerprints of the takes of one window that may be used."""


def takes_elsewhere(root: Path, own: Path, index: int, fingerprint: str) -> Iterator[tuple[Path, StoredTake]]:
    """Takes of other runs that answer a fingerprint.

    Args:
        root: Folder of all runs.
        own: Folder of the run that asks, which is passed over.
        index: Of the window.
        fingerprint: 64 hexadecimal digits.

    Yields:
        (file, take), as each run would choose. Runs that cannot be read are passed over.
    """
    name = segment_file_name(index, fingerprint)
    # Without a look at the name first, every manifest of every run would be read for every window.
    folders = (each for each in _others(root, own) if os.path.lexists(each / name))
    return _takes(folders, index, lambda _manifest: (fingerprint,))


def takes_alike_elsewhere(root: Path, own: Path, index: int, usable_in: UsableIn) -> Iterator[tuple[Path, StoredTake]]:
    """As `takes_elsewhere`, for takes whose fingerprints are not known beforehand: `usable_in` looks at each run."""
    of_window = f"segment_{index:04d}_*"
    return _takes((each for each in _others(root, own) if any(each.glob(of_window))), index, usable_in)


def _others(root: Path, own: Path) -> Iterator[Path]:
    try:
        folders = sorted(each.path for each in os.scandir(root) if each.is_dir())
    except OSError:
        return
    yield from (folder for folder in map(Path, folders) if folder != own)


def _takes(folders: Iterable[Path], index: int, usable_in: UsableIn) -> Iterator[tuple[Path, StoredTake]]:
    for folder in folders:
        try:
            path = folder / MANIFEST_NAME
            status = path.stat()
            manifest = _read(path, (status.st_ino, status.st_size, status.st_mtime_ns))
        except (OSError, CheckpointError):
            continue
        for fingerprint in usable_in(manifest):
            for stored in takes_for(manifest.window(index), fingerprint):
                yield folder / stored.file, stored


@functools.lru_cache(maxsize=64)
def _read(path: Path, _state: tuple[int, int, int]) -> Manifest:
    """A window that has to be made asks every run."""
    return read_manifest_file(path)
