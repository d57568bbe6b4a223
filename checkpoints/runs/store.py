"""One run's finished windows: read back, added to, chosen from; safe against crashes, full disks and other servers.

What is true is in the segment files: each carries its own index, fingerprint, prompt and seed, and a checksum over
every byte. The manifest adds which take is chosen and locked. All changes happen under the run's lock, on the manifest
as it is on disk at that moment, so two servers lose nothing of each other's.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...files.names import UnsafeNameError, clean_name, resolve_inside
from ..errors import DamagedSegmentError, DiskFullError, FolderNotWritableError, StoreBusyError, StoreWriteError
from ..segments.codec import Codec, Found
from ..segments.header import SegmentInfo
from ..take import Take, utc_now
from .elsewhere import UsableIn, takes_alike_elsewhere, takes_elsewhere
from .held_windows import HeldTake
from .manifest import Manifest, StoredTake, StoredWindow
from .pruning import delete_superfluous
from .run_folder import RunFolder
from .run_writer import SegmentWriter
from .selection import takes_for

OWN_NAMES = frozenset({"file_hashes.json"})
"""Names that lie beside the runs, in lower case: a run must not take its place."""


class Store:
    """The finished windows of one run.

    Every method may be called from any thread. A folder that is read-only or full is no error: one warning, and what is
    saved stays in this object's memory until it can be written.

    Several graphs may use one run. If a method takes `by`, it is the project that asks: what any project took last is
    never deleted.
    """

    def __init__(self, root: Path, run: str, codec: Codec, *, identity: str = "") -> None:
        """Opens a run; nothing is written before `create` or `save`.

        Args:
            root: Folder of all runs (`output/audio_loop`).
            run: The run's name; cleaned by `clean_name`.
            codec: Turns latents into files and back.
            identity: What `run_name.find_run` finds the run by; "" if the user named it.

        Raises:
            UnsafeNameError: The run's folder is a link that leads out of the root, or the name is one of the pack's own.
        """
        self.run = clean_name(run)
        if self.run.casefold() in OWN_NAMES:
            raise UnsafeNameError(f"run {run!r} has the name of a file of the pack's own; {Path(self.run).stem!r} would work")
        self.folder = resolve_inside(root, self.run)
        self._codec = codec
        self._identity = identity
        self._files = RunFolder(self.folder, self.run, identity)
        self._guard = threading.RLock()
        self._writer = SegmentWriter(
            self._files, identity, lambda index, stored: self._load_file(index, stored, locked=False) is not None
        )

    def identify(self, identity: str) -> None:
        """Says what a re-queue finds the run by, if that was not known when it was opened; "" says nothing."""
        with self._guard:
            self._identity = self._identity or identity
            self._writer.identify(identity)
            self._files.identify(identity)

    def manifest(self) -> Manifest:
        """The run as it is on disk now, with what only this object remembers; that is written first, if the folder takes it.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            self._writer.write_held()
            return self._writer.held.listed_in(self._files.read())

    @property
    def held(self) -> int:
        """How many windows are in memory only, because the folder could not be written."""
        return len(self._writer.held)

    def lookup(self, index: int, *fingerprints: str, by: str = "", manifest: Manifest | None = None) -> Found | None:
        """Gives a window's finished latent, if there is one that may be used.

        A locked window gives its chosen take whatever the fingerprint. Else the take with the first of these fingerprints is
        given, or a retake that stands in its place, as `selection.takes_for` says, then that of the second, and becomes the
        chosen one. A damaged or foreign file is reported once and not given.

        Args:
            index: Of the window; 0 is the initial render.
            fingerprints: 64 hexadecimal digits each.
            by: The project that asks.
            manifest: As `manifest` gave it just now, if it was read already.

        Returns:
            The window, or None: it has to be sampled.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        return self._first_usable(index, fingerprints, None, by, manifest)

    def retake_of(self, index: int, fingerprint: str, content: str, *, by: str = "") -> Found | None:
        """Gives the retake that stands for a window which has just been made again, or None.

        Args:
            index: Of the window.
            fingerprint: Of the window.
            content: Content hash of its latent.
            by: The project that asks.
        """
        found = self._first_usable(index, (fingerprint,), content, by, None)
        return found if found is not None and found.take.retake is not None and not found.locked else None

    def _first_usable(
        self, index: int, fingerprints: tuple[str, ...], content: str | None, by: str, manifest: Manifest | None
    ) -> Found | None:
        with self._guard:
            window = (manifest or self.manifest()).window(index)
            locked = [window.find(window.chosen)] if window.locked else []
            free = [stored for each in fingerprints for stored in takes_for(window, each, content)]
            for stored in [*locked, *free]:
                found = self._load(index, stored, locked=stored in locked)
                if found is not None:
                    self._choose_quietly(window, found.take.fingerprint, by)
                    return found
            return None

    def take_over(self, index: int, *fingerprints: str, by: str = "", alike: UsableIn | None = None) -> str | None:
        """Copies a window from another run that has it; `lookup` finds it then.

        Args:
            index: Of the window.
            fingerprints: 64 hexadecimal digits each.
            by: The project that asks.
            alike: Run -> fingerprints of it that may be used as well.

        Returns:
            The name of the other run, or None if no run has it.

        Raises:
            CheckpointError: It cannot be kept; see `save`.
        """
        where = self.folder.parent, self.folder, index
        known = (each for fingerprint in fingerprints for each in takes_elsewhere(*where, fingerprint))
        for path, stored in itertools.chain(known, takes_alike_elsewhere(*where, alike) if alike else ()):
            try:
                latent, info = self._codec.decode(path, index, stored.take.fingerprint)
            except DamagedSegmentError:
                continue
            plan = self.manifest().plan
            self.save(index, latent, info.take, plan=info.plan if plan is None else None, made_by=info.plan, by=by)
            return path.parent.name
        return None

    def load(self, index: int, stored: StoredTake) -> Found | None:
        """Gives a take of a window, or None if its file may not be used."""
        with self._guard:
            return self._load(index, stored, locked=False)

    def load_chosen(self, index: int) -> Found | None:
        """Gives the take of a window that belongs in the video, or None if there is none that may be used.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            window = self.manifest().window(index)
            return self._load(index, window.find(window.chosen), locked=window.locked)

    def takes(self, index: int) -> tuple[Take, ...]:
        """All takes of a window in order of making."""
        return tuple(stored.take for stored in self.manifest().window(index).takes)

    def create(self, plan: Mapping[str, Any] | None = None) -> None:
        """Makes the run's folder and manifest, so that a re-queue finds it before the first window is finished.

        Args:
            plan: The loop plan as JSON; None leaves what is there.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
            StoreWriteError: The disk fails; a folder that is read-only or full is only warned about.
            StoreBusyError: Another process holds the run.
        """
        try:
            self._change(lambda manifest: self._writer.with_plan(manifest, plan))
        except (FolderNotWritableError, DiskFullError) as error:
            self._writer.warn_held(error)

    def save(
        self,
        index: int,
        latent: Any,
        take: Take,
        *,
        plan: Mapping[str, Any] | None = None,
        by: str = "",
        made_by: Mapping[str, Any] | None = None,
    ) -> Take:
        """Keeps a finished window. It becomes the chosen take, unless the window is locked to one that is whole.

        If the folder is read-only or full it is kept in memory, and written as soon as there is room.

        Nothing is overwritten: if a damaged or foreign file has the name, the take is written beside it.

        Args:
            index: Of the window; 0 is the initial render.
            latent: What the codec takes.
            take: How it was made.
            plan: The loop plan as JSON; None leaves what is there.
            by: The project that it was made for.
            made_by: The plan that this window was made by, if it is not to become the run's.

        Returns:
            The take as it is kept: an earlier one if another server was faster with the same fingerprint.

        Raises:
            CheckpointError: The latent, the take or the plan cannot be kept exactly.
            NewerManifestError: A newer Audio Loop wrote the run.
            NotFiniteError: The latent holds NaN or Inf.
            StoreWriteError: The disk fails.
            StoreBusyError: Another process holds the run.
        """
        # Each file repeats the plan, so that a lost manifest can be rebuilt from any of them.
        plan = self.manifest().plan if plan is None else plan
        data = self._codec.encode(latent, SegmentInfo(index, take, made_by or plan, self._identity, project=by))
        with self._guard:
            return self._writer.save(HeldTake(index, data, take, plan, by, made_by))

    def choose(self, index: int, fingerprint: str, *, lock: bool = True, by: str = "") -> Manifest:
        """Puts an earlier take back into the video.

        Args:
            index: Of the window.
            fingerprint: The take's, or its first digits.
            lock: Whether it stands in later renders too; without, the next render chooses by fingerprint again.
            by: The project that chooses.

        Returns:
            The run as it is then.

        Raises:
            CheckpointError: There is no such take, or the choice could not be written.
        """
        now = utc_now()
        return self._change(lambda manifest: manifest.with_choice(index, fingerprint, locked=lock, by=by, picked=now))

    def lock(self, index: int, locked: bool = True) -> Manifest:
        """Locks the chosen take of a window against changes upstream, or frees it; gives the run as it is then.

        Raises:
            CheckpointError: There is no take, or the lock could not be written.
        """
        return self._change(lambda manifest: manifest.with_lock(index, locked))

    def prune(self, *, keep_takes: int | None = None, limit_bytes: int | None = None) -> tuple[str, ...]:
        """Deletes takes that no project has chosen, oldest first. Only ever called because the user asked for it.

        Only whole segment files that the manifest lists are deleted; damaged and foreign files are left alone.

        Args:
            keep_takes: How many takes of each window stay, at least 1; None keeps all.
            limit_bytes: How large the takes together may be; None sets no limit.

        Returns:
            Names of the deleted files.

        Raises:
            ValueError: A limit is out of range.
            StoreWriteError: A file could not be deleted.
        """
        deleted: list[str] = []

        def shrink(manifest: Manifest) -> Manifest:
            left, names = delete_superfluous(self._files, manifest, keep_takes=keep_takes, limit_bytes=limit_bytes)
            deleted.extend(names)
            return left

        self._change(shrink)
        return tuple(deleted)

    def _load(self, index: int, stored: StoredTake | None, *, locked: bool) -> Found | None:
        if stored is None:
            return None
        fingerprint = stored.take.fingerprint
        held = self._writer.held.find(index, fingerprint)
        if held is not None:
            return Found(self._codec.decode_bytes(held.data), held.take, locked, held.made_by or held.plan)
        return self._load_file(index, stored, locked=locked)

    def _load_file(self, index: int, stored: StoredTake, *, locked: bool) -> Found | None:
        path = self.folder / stored.file
        try:
            latent, info = self._codec.decode(path, index, stored.take.fingerprint)
        except DamagedSegmentError as error:
            self._files.report(path, f"{error}. The file stays where it is; window {index} has to be made again")
            return None
        return Found(latent, info.take, locked, info.plan)

    def _change(self, change: Callable[[Manifest], Manifest]) -> Manifest:
        with self._guard:
            return self._writer.held.listed_in(self._writer.change(change))

    def _choose_quietly(self, window: StoredWindow, fingerprint: str, by: str) -> None:
        index = window.index

        def choose(manifest: Manifest) -> Manifest:
            now = manifest.window(index)
            return manifest.with_choice(index, fingerprint, locked=now.locked, by=by) if now.find(fingerprint) else manifest

        if window.chosen == fingerprint and (not by or window.chosen_by.get(by) == fingerprint):
            return
        try:
            self._change(choose)
        except (StoreWriteError, StoreBusyError) as error:
            # The latent is there; that the manifest still names another take only matters to a later assembly.
            self._files.warn_once("choice", f"the manifest could not be brought up to date: {error}")
