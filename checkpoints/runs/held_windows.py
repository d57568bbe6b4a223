"""Windows that were sampled while their folder could not be written: kept in memory, written as soon as it can be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..take import Take, segment_file_name
from .manifest import Manifest, StoredTake

SPARE_BYTES = 1 << 20
"""Beside a window its manifest has to be written too."""


@dataclass(frozen=True)
class HeldTake:
    """A take as its file would hold it, and what the manifest would say of it.

    `made_by` is the plan that the file repeats, if it is not to become the run's.
    """

    index: int
    data: bytes
    take: Take
    plan: Mapping[str, Any] | None
    by: str
    made_by: Mapping[str, Any] | None = None


class HeldTakes:
    """The windows of one run that are not on disk yet. Guarded by the store that owns it."""

    def __init__(self) -> None:
        self._held: dict[tuple[int, str], HeldTake] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[HeldTake]:
        return iter(tuple(self._held.values()))

    def add(self, held: HeldTake) -> None:
        """Keeps a window."""
        self._held[held.index, held.take.fingerprint] = held

    def find(self, index: int, fingerprint: str) -> HeldTake | None:
        """A window that is kept, or None."""
        return self._held.get((index, fingerprint))

    def remove(self, held: HeldTake) -> None:
        """Forgets a window that is on disk now."""
        self._held.pop((held.index, held.take.fingerprint), None)

    def listed_in(self, manifest: Manifest) -> Manifest:
        """The run with these windows in it, as if they were on disk."""
        for held in self:
            stored = StoredTake(segment_file_name(held.index, held.take.fingerprint), held.take)
            choose = not manifest.window(held.index).locked
            manifest = manifest.with_take(held.index, stored, choose=choose, by=held.by)
        return manifest


def is_writable(folder: Path) -> bool:
    """Whether a folder, or the one that it is going to be made in, may be written to."""
    existing = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return os.access(existing, os.W_OK)


def free_bytes(folder: Path) -> int | None:
    """Free space where a folder is, or is going to be; None if the system does not say."""
    for existing in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(existing)
            return usage.free if usage.total else None  # some network shares say 0 of 0
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None


def has_room(folder: Path, held: HeldTake) -> bool:
    """Whether it is worth trying to write a window: asked before each window, so a full disk costs no time."""
    free = free_bytes(folder)
    return free is None or free >= len(held.data) + SPARE_BYTES
