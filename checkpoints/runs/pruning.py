"""Which takes go when the user asks for fewer: the oldest that no graph shows, never one that some graph has chosen."""

from __future__ import annotations

from collections.abc import Mapping

from ..write_errors import writing
from .manifest import Manifest, StoredTake
from .run_folder import RunFolder


def delete_superfluous(
    files: RunFolder, manifest: Manifest, *, keep_takes: int | None = None, limit_bytes: int | None = None
) -> tuple[Manifest, tuple[str, ...]]:
    """Deletes the files of superfluous takes; damaged and foreign ones are left alone. Called with the run's lock held.

    Args:
        files: The run's folder.
        manifest: The run as it is.
        keep_takes: As in `superfluous_takes`.
        limit_bytes: As in `superfluous_takes`.

    Returns:
        The run without those takes, and the names of the files.

    Raises:
        ValueError: A limit is out of range.
        StoreWriteError: A file could not be deleted.
    """
    deleted = []
    for index, stored in superfluous_takes(manifest, files.sizes_bytes(), keep_takes=keep_takes, limit_bytes=limit_bytes):
        if not files.is_whole(index, stored):
            continue
        with writing(files.path / stored.file):
            (files.path / stored.file).unlink()
        deleted.append(stored.file)
        manifest = manifest.without_take(index, stored.take.fingerprint)
    return manifest, tuple(deleted)


def superfluous_takes(
    manifest: Manifest, sizes_bytes: Mapping[str, int], *, keep_takes: int | None = None, limit_bytes: int | None = None
) -> tuple[tuple[int, StoredTake], ...]:
    """Lists the takes to delete.

    Args:
        manifest: The run.
        sizes_bytes: File name -> size; a missing file counts nothing.
        keep_takes: How many takes of each window stay, at least 1: the chosen ones and the newest; None keeps all.
            If several graphs use the run, each keeps its chosen one, even if those are more.
        limit_bytes: How large the takes together may be; None sets no limit. If the chosen takes alone are larger,
            it is not reached.

    Returns:
        (index of the window, take) in the order to delete them.

    Raises:
        ValueError: A limit is out of range.
    """
    if keep_takes is not None and keep_takes < 1:
        raise ValueError(f"keep_takes is {keep_takes}; at least 1 take of each window stays")
    if limit_bytes is not None and limit_bytes < 0:
        raise ValueError(f"limit_bytes is {limit_bytes}; it must not be negative")
    spare = [
        (stored.take.created, window.index, stored.file, stored)
        for window in manifest.windows
        for stored in window.takes
        if stored.take.fingerprint not in window.in_use
    ]
    spare.sort(key=lambda each: each[:3])
    doomed: dict[str, tuple[int, StoredTake]] = {}
    if keep_takes is not None:
        for window in manifest.windows:
            oldest_first = [(index, stored) for _created, index, _file, stored in spare if index == window.index]
            spared = max(0, keep_takes - len(window.in_use))
            for index, stored in oldest_first[: max(0, len(oldest_first) - spared)]:
                doomed[stored.file] = (index, stored)
    total_bytes = sum(
        sizes_bytes.get(stored.file, 0) for window in manifest.windows for stored in window.takes if stored.file not in doomed
    )
    for _created, index, file, stored in spare:
        if limit_bytes is None or total_bytes <= limit_bytes:
            break
        if file not in doomed:
            doomed[file] = (index, stored)
            total_bytes -= sizes_bytes.get(file, 0)
    return tuple(doomed.values())
