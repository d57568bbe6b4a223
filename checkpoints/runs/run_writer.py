"""Changes a run's folder: one window or one change of the manifest at a time, under the run's lock.

What the folder does not take, because it is read-only or full, stays in memory and is tried again before every later change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...files.atomic_write import discard, publish_new, remove_stale_temporaries, write_temporary
from ..errors import DiskFullError, FolderNotWritableError, StoreBusyError, StoreWriteError
from ..take import Take, segment_file_name
from ..write_errors import writing
from .held_windows import HeldTake, HeldTakes, has_room
from .manifest import Manifest, StoredTake
from .run_folder import RunFolder
from .run_lock import run_lock

MOST_COPIES = 9999

IsUsable = Callable[[int, StoredTake], bool]
"""(index of the window, take) -> whether the take's file may be used."""


class SegmentWriter:
    """Writes one run. Its store guards it: one call at a time."""

    def __init__(self, files: RunFolder, identity: str, is_usable: IsUsable) -> None:
        """Takes what it writes into.

        Args:
            files: The run's folder.
            identity: What a re-queue finds the run by.
            is_usable: Judges a file that is there.
        """
        self._files = files
        self._identity = identity
        self._is_usable = is_usable
        self.held = HeldTakes()

    def identify(self, identity: str) -> None:
        """Keeps the identity that changes write into a run that has none; see `Store.identify`."""
        self._identity = self._identity or identity

    def save(self, held: HeldTake) -> Take:
        """Writes a window, or keeps it in memory if the folder does not take it.

        Returns:
            The take as it is kept: an earlier one if another server was faster with the same fingerprint.

        Raises:
            StoreWriteError: The disk fails.
            StoreBusyError: Another process holds the run.
        """
        self.write_held()
        try:
            return self._write(held)
        except (FolderNotWritableError, DiskFullError) as error:
            self.warn_held(error)
            self.held.add(held)
            return held.take

    def write_held(self) -> None:
        """Writes what is only in memory, as far as the folder takes it; what it does not take stays."""
        for held in self.held:
            try:
                if not has_room(self._files.path, held):
                    return
                self._write(held)
            except (StoreWriteError, StoreBusyError):
                return
            self.held.remove(held)
            self._files.tell(f"window {held.index}, which was only in memory, is on disk now")

    def change(self, change: Callable[[Manifest], Manifest]) -> Manifest:
        """Changes the manifest as it is on disk at this moment, and gives it as it is then.

        Raises:
            CheckpointError: As `change`; or the folder cannot be written.
        """
        self.write_held()
        self._files.make()
        with run_lock(self._files.path, self._warn_lockless):
            remove_stale_temporaries(self._files.path)
            before = self._files.read()
            after = change(before)
            if after != before or not self._files.has_manifest():
                self._files.write(after)
            return after

    def with_plan(self, manifest: Manifest, plan: Mapping[str, Any] | None) -> Manifest:
        """A manifest with another plan, if one is given, and with the identity that the run was opened for."""
        identity = manifest.identity or self._identity
        return replace(manifest, identity=identity, plan=manifest.plan if plan is None else dict(plan))

    def warn_held(self, error: StoreWriteError) -> None:
        """Warns, once for each kind of reason, that windows are in memory only."""
        self._files.warn_once(
            type(error).__name__,
            f"{error}. The render goes on without keeping its windows on disk: they are written as soon as the folder takes "
            "them, and lost if ComfyUI ends before",
        )

    def _write(self, held: HeldTake) -> Take:
        index, take = held.index, held.take
        self._files.make()
        path = self._files.path / segment_file_name(index, take.fingerprint)
        with writing(path, len(held.data)):
            temporary = write_temporary(path, held.data)
        try:
            with run_lock(self._files.path, self._warn_lockless):
                manifest = self.with_plan(self._files.read(), held.plan)
                window = manifest.window(index)
                stored = window.find(take.fingerprint)
                if stored is None or not self._is_usable(index, stored):
                    stored = StoredTake(self._publish(temporary, index, take), take, "" if stored is None else stored.picked)
                locked_take = window.find(window.chosen) if window.locked else None
                keeps_choice = locked_take is not None and self._is_usable(index, locked_take)
                self._files.write(manifest.with_take(index, stored, choose=not keeps_choice, by=held.by))
                return stored.take
        finally:
            discard(temporary)

    def _publish(self, temporary: Path, index: int, take: Take) -> str:
        names = (segment_file_name(index, take.fingerprint, copy) for copy in range(1, MOST_COPIES + 1))
        with writing(self._files.path / segment_file_name(index, take.fingerprint)):
            try:
                return publish_new(temporary, (self._files.path / name for name in names)).name
            except FileExistsError:
                raise StoreWriteError(
                    f"{self._files.path} holds {MOST_COPIES} damaged files of window {index}; remove some and queue again"
                ) from None

    def _warn_lockless(self, message: str) -> None:
        self._files.warn_once("lock", message)
