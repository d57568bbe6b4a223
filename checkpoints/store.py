"""One run's finished segments: read back, added to, chosen from; safe against crashes, full disks and other servers.

What is true is in the segment files: each carries its own index, fingerprint, prompt and seed, and a checksum over
every byte. The manifest adds which take is chosen and locked. All changes happen under the run's lock, on the manifest
as it is on disk at that moment, so two servers lose nothing of each other's.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from .atomic_write import as_write_error, discard, publish, remove_stale_temporaries, write_temporary
from .elsewhere import takes_elsewhere
from .errors import DamagedSegmentError, DiskFullError, FolderNotWritableError, StoreBusyError, StoreWriteError
from .fingerprint import explain_difference
from .held_segments import HeldSegment, HeldSegments, has_room
from .manifest import Manifest, StoredTake
from .names import clean_name, resolve_inside
from .pruning import superfluous_takes
from .run_folder import RunFolder
from .run_lock import run_lock
from .segment_header import SegmentInfo
from .selection import takes_for
from .take import Take, segment_file_name, utc_now

MOST_COPIES = 9999


class Codec(Protocol):
    """Turns latents into files and back; `segment_file.LatentCodec` is the real one."""

    def encode(self, latent: Any, info: SegmentInfo) -> bytes:
        """Returns the whole file of a latent; raises CheckpointError where it has no exact form."""

    def decode(self, path: Path, index: int, fingerprint: str) -> tuple[Any, SegmentInfo]:
        """Returns a file's latent and metadata; raises DamagedSegmentError where it must not be used."""

    def decode_bytes(self, data: bytes) -> Any:
        """Returns the latent of what `encode` made in this process."""


@dataclass(frozen=True)
class Found:
    """A finished segment.

    Attributes:
        latent: As it was saved, on the CPU.
        take: How it was made.
        locked: Whether it was given because the segment is locked, whatever the fingerprint.
        plan: The loop plan that it was made by, as JSON, or None.
    """

    latent: Any
    take: Take
    locked: bool
    plan: Mapping[str, Any] | None = None


class Store:
    """The finished segments of one run.

    Every method may be called from any thread. A folder that is read-only or full is no error: one warning, and what is
    saved stays in this object's memory until it can be written.

    Several graphs may use one run. Where a method takes `by`, it is the project that asks: what any project took last is
    never deleted.
    """

    def __init__(self, root: Path, run: str, codec: Codec, *, identity: str = "") -> None:
        """Opens a run; nothing is written before `create` or `save`.

        Args:
            root: Folder of all runs (`output/audio_loop`).
            run: The run's name; cleaned by `clean_name`.
            codec: Turns latents into files and back.
            identity: What `run_name.find_run` finds the run by; "" where the user named it.

        Raises:
            UnsafeNameError: The run's folder is a link that leads out of the root.
        """
        self.run = clean_name(run)
        self.folder = resolve_inside(root, self.run)
        self._codec = codec
        self._identity = identity
        self._files = RunFolder(self.folder, self.run, identity)
        self._guard = threading.RLock()
        self._held = HeldSegments()

    def manifest(self) -> Manifest:
        """The run as it is on disk now, with what only this object remembers.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            return self._held.listed_in(self._files.read())

    @property
    def held(self) -> int:
        """How many windows are in memory only, because the folder could not be written."""
        return len(self._held)

    def lookup(self, index: int, fingerprint: str, *, by: str = "") -> Found | None:
        """Gives an iteration's finished latent, if there is one that may be used.

        A locked segment gives its chosen take whatever the fingerprint. Else the take with this fingerprint is given, or a
        retake that stands in its place, as `selection.takes_for` says, and becomes the chosen one. A damaged or foreign
        file is reported once and not given.

        Args:
            index: Iteration; 0 is the initial render.
            fingerprint: 64 hexadecimal digits.
            by: The project that asks.

        Returns:
            The segment, or None: it has to be sampled.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        return self._first_usable(index, fingerprint, None, by)

    def retake_of(self, index: int, fingerprint: str, content: str, *, by: str = "") -> Found | None:
        """Gives the retake that stands for a window which has just been made again, or None.

        Args:
            index: Iteration.
            fingerprint: Of the window.
            content: Content hash of its latent.
            by: The project that asks.
        """
        found = self._first_usable(index, fingerprint, content, by)
        return found if found is not None and found.take.retake is not None and not found.locked else None

    def _first_usable(self, index: int, fingerprint: str, content: str | None, by: str) -> Found | None:
        with self._guard:
            self._write_held()
            segment = self.manifest().segment(index)
            if segment.locked:
                found = self._load(index, segment.find(segment.chosen), locked=True)
                if found is not None:
                    self._choose_quietly(index, found.take.fingerprint, by)
                    return found
            for stored in takes_for(segment, fingerprint, content):
                found = self._load(index, stored, locked=False)
                if found is not None:
                    self._choose_quietly(index, found.take.fingerprint, by)
                    return found
            return None

    def take_over(self, index: int, fingerprint: str, *, by: str = "") -> str | None:
        """Copies an iteration from another run that has it; `lookup` finds it then.

        Args:
            index: Iteration.
            fingerprint: 64 hexadecimal digits.
            by: The project that asks.

        Returns:
            The name of the other run, or None where no run has it.

        Raises:
            CheckpointError: It cannot be kept; see `save`.
        """
        for path, stored in takes_elsewhere(self.folder.parent, self.folder, index, fingerprint):
            try:
                latent, info = self._codec.decode(path, index, stored.take.fingerprint)
            except DamagedSegmentError:
                continue
            self.save(index, latent, info.take, plan=info.plan if self.manifest().plan is None else None, by=by)
            return path.parent.name
        return None

    def load(self, index: int, stored: StoredTake) -> Found | None:
        """Gives a take of an iteration, or None where its file may not be used."""
        with self._guard:
            return self._load(index, stored, locked=False)

    def load_chosen(self, index: int) -> Found | None:
        """Gives the take of an iteration that belongs in the video, or None where there is none that may be used.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            segment = self.manifest().segment(index)
            return self._load(index, segment.find(segment.chosen), locked=segment.locked)

    def takes(self, index: int) -> tuple[Take, ...]:
        """All takes of an iteration in order of making."""
        return tuple(stored.take for stored in self.manifest().segment(index).takes)

    def stand_ins(self, index: int) -> dict[str, str]:
        """For each retake of an iteration: content hash of its latent -> that of the latent which it stands for."""
        retakes = (take.retake for take in self.takes(index))
        return {retake.content: retake.stands_for for retake in retakes if retake is not None}

    def why_sampled(self, index: int, components: Mapping[str, str]) -> tuple[str, ...]:
        """Says in words what differs between an iteration asked for and the earlier take nearest to it.

        Args:
            index: Iteration.
            components: Name -> short hash of the iteration asked for.

        Returns:
            Phrases like "conditioning changed"; empty where there is no earlier take, or nothing differs.
        """
        newest_first = [explain_difference(take.components, components) for take in reversed(self.takes(index))]
        return min(newest_first, key=len, default=())

    def create(self, plan: Mapping[str, Any] | None = None) -> None:
        """Makes the run's folder and manifest, so that a re-queue finds it before the first segment is finished.

        Args:
            plan: The loop plan as JSON; None leaves what is there.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
            StoreWriteError: The disk fails; a folder that is read-only or full is only warned about.
            StoreBusyError: Another process holds the run.
        """
        try:
            self._change(lambda manifest: self._with_plan(manifest, plan))
        except (FolderNotWritableError, DiskFullError) as error:
            self._warn_held(error)

    def save(
        self, index: int, latent: Any, take: Take, *, plan: Mapping[str, Any] | None = None, by: str = ""
    ) -> Take:
        """Keeps a finished iteration. It becomes the chosen take, unless the segment is locked to one that is whole.

        Where the folder is read-only or full it is kept in memory, and written as soon as there is room.

        Nothing is overwritten: where a damaged or foreign file has the name, the segment is written beside it.

        Args:
            index: Iteration; 0 is the initial render.
            latent: What the codec takes.
            take: How it was made.
            plan: The loop plan as JSON; None leaves what is there.
            by: The project that it was made for.

        Returns:
            The take as it is kept: an earlier one where another server was faster with the same fingerprint.

        Raises:
            CheckpointError: The latent, the take or the plan cannot be kept exactly.
            NewerManifestError: A newer Audio Loop wrote the run.
            NotFiniteError: The latent holds NaN or Inf.
            StoreWriteError: The disk fails.
            StoreBusyError: Another process holds the run.
        """
        # Each file repeats the plan, so that a lost manifest can be rebuilt from any of them.
        plan = self.manifest().plan if plan is None else plan
        data = self._codec.encode(latent, SegmentInfo(index, take, plan, self._identity))
        held = HeldSegment(index, data, take, plan, by)
        with self._guard:
            self._write_held()
            try:
                return self._save_file(held)
            except (FolderNotWritableError, DiskFullError) as error:
                self._warn_held(error)
                self._held.add(held)
                return take

    def choose(self, index: int, fingerprint: str, *, lock: bool = True, by: str = "") -> None:
        """Puts an earlier take back into the video.

        Args:
            index: Iteration.
            fingerprint: The take's, or its first digits.
            lock: Whether it stands in later renders too; without, the next render chooses by fingerprint again.
            by: The project that chooses.

        Raises:
            CheckpointError: There is no such take, or the choice could not be written.
        """
        now = utc_now()
        self._change(lambda manifest: manifest.with_choice(index, fingerprint, locked=lock, by=by, picked=now))

    def lock(self, index: int, locked: bool = True) -> None:
        """Locks the chosen take of an iteration against changes upstream, or frees it.

        Raises:
            CheckpointError: There is no take, or the lock could not be written.
        """
        self._change(lambda manifest: manifest.with_lock(index, locked))

    def prune(self, *, keep_takes: int | None = None, limit_bytes: int | None = None) -> tuple[str, ...]:
        """Deletes takes that no project has chosen, oldest first. Only ever called because the user asked for it.

        Only whole segments that the manifest lists are deleted; damaged and foreign files are left alone.

        Args:
            keep_takes: How many takes of each iteration stay, at least 1; None keeps all.
            limit_bytes: How large the takes together may be; None sets no limit.

        Returns:
            Names of the deleted files.

        Raises:
            ValueError: A limit is out of range.
            StoreWriteError: A file could not be deleted.
        """
        deleted: list[str] = []

        def shrink(manifest: Manifest) -> Manifest:
            sizes_bytes = self._files.sizes_bytes()
            for index, stored in superfluous_takes(manifest, sizes_bytes, keep_takes=keep_takes, limit_bytes=limit_bytes):
                if not self._files.is_whole(index, stored):
                    continue
                try:
                    (self.folder / stored.file).unlink()
                except OSError as error:
                    raise as_write_error(error, self.folder / stored.file) from error
                deleted.append(stored.file)
                manifest = manifest.without_take(index, stored.take.fingerprint)
            return manifest

        self._change(shrink)
        return tuple(deleted)

    def _load(self, index: int, stored: StoredTake | None, *, locked: bool) -> Found | None:
        if stored is None:
            return None
        fingerprint = stored.take.fingerprint
        held = self._held.find(index, fingerprint)
        if held is not None:
            return Found(self._codec.decode_bytes(held.data), held.take, locked, held.plan)
        path = self.folder / stored.file
        try:
            latent, info = self._codec.decode(path, index, fingerprint)
        except DamagedSegmentError as error:
            self._files.report(path, f"{error}. The file stays where it is; iteration {index} has to be made again")
            return None
        return Found(latent, info.take, locked, info.plan)

    def _save_file(self, held: HeldSegment) -> Take:
        index, take = held.index, held.take
        self._files.make()
        temporary = write_temporary(self.folder / segment_file_name(index, take.fingerprint), held.data)
        try:
            with run_lock(self.folder, self._warn_lockless):
                manifest = self._with_plan(self._files.read(), held.plan)
                segment = manifest.segment(index)
                stored = segment.find(take.fingerprint)
                if stored is None or self._load(index, stored, locked=False) is None:
                    stored = StoredTake(self._publish(temporary, index, take), take)
                locked_take = segment.find(segment.chosen) if segment.locked else None
                keeps_choice = locked_take is not None and self._load(index, locked_take, locked=True) is not None
                self._files.write(manifest.with_take(index, stored, choose=not keeps_choice, by=held.by))
                return stored.take
        finally:
            discard(temporary)

    def _write_held(self) -> None:
        """Writes what is only in memory, as far as the folder takes it; what it does not take stays."""
        for held in self._held:
            try:
                if not has_room(self.folder, held):
                    return
                self._save_file(held)
            except (StoreWriteError, StoreBusyError):
                return
            self._held.remove(held)
            self._files.tell(f"iteration {held.index}, which was only in memory, is on disk now")

    def _publish(self, temporary: Path, index: int, take: Take) -> str:
        for copy in range(1, MOST_COPIES + 1):
            name = segment_file_name(index, take.fingerprint, copy)
            if not os.path.lexists(self.folder / name):
                publish(temporary, self.folder / name)
                return name
        raise StoreWriteError(
            f"{self.folder} holds {MOST_COPIES} damaged files of iteration {index}; remove some and queue again"
        )

    def _change(self, change: Callable[[Manifest], Manifest]) -> None:
        with self._guard:
            self._write_held()
            self._files.make()
            with run_lock(self.folder, self._warn_lockless):
                remove_stale_temporaries(self.folder)
                before = self._files.read()
                after = change(before)
                if after != before or not self._files.has_manifest():
                    self._files.write(after)

    def _choose_quietly(self, index: int, fingerprint: str, by: str) -> None:
        def choose(manifest: Manifest) -> Manifest:
            segment = manifest.segment(index)
            if segment.find(fingerprint) is None:
                return manifest
            return manifest.with_choice(index, fingerprint, locked=segment.locked, by=by)

        segment = self.manifest().segment(index)
        if segment.chosen == fingerprint and (not by or segment.chosen_by.get(by) == fingerprint):
            return
        try:
            self._change(choose)
        except (StoreWriteError, StoreBusyError) as error:
            # The latent is there; that the manifest still names another take only matters to a later assembly.
            self._files.warn_once("choice", f"the manifest could not be brought up to date: {error}")

    def _with_plan(self, manifest: Manifest, plan: Mapping[str, Any] | None) -> Manifest:
        identity = manifest.identity or self._identity
        return replace(manifest, identity=identity, plan=manifest.plan if plan is None else dict(plan))

    def _warn_held(self, error: StoreWriteError) -> None:
        self._files.warn_once(
            type(error).__name__,
            f"{error}. The render goes on without keeping its segments on disk: they are written as soon as the folder takes "
            "them, and lost if ComfyUI ends before",
        )

    def _warn_lockless(self, message: str) -> None:
        self._files.warn_once("lock", message)
