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
from .errors import DamagedSegmentError, FolderNotWritableError, StoreBusyError, StoreWriteError
from .fingerprint import explain_difference
from .manifest import Manifest, StoredTake
from .names import clean_name, resolve_inside
from .pruning import superfluous_takes
from .run_folder import RunFolder
from .run_lock import run_lock
from .segment_header import SegmentInfo
from .take import Take, segment_file_name

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
    """

    latent: Any
    take: Take
    locked: bool


class Store:
    """The finished segments of one run.

    Every method may be called from any thread. A read-only folder is no error: one warning, and what is saved stays in
    this object's memory.
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
        self._in_memory: dict[tuple[int, str], tuple[bytes, Take]] = {}

    def manifest(self) -> Manifest:
        """The run as it is on disk now, with what only this object remembers.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            manifest = self._files.read()
            for (index, fingerprint), (_data, take) in self._in_memory.items():
                stored = StoredTake(segment_file_name(index, fingerprint), take)
                manifest = manifest.with_take(index, stored, choose=not manifest.segment(index).locked)
            return manifest

    def lookup(self, index: int, fingerprint: str) -> Found | None:
        """Gives an iteration's finished latent, if there is one that may be used.

        A locked segment gives its chosen take whatever the fingerprint. A chosen retake is given for the fingerprint of
        what it replaces. Else the take with this fingerprint is given and becomes the chosen one. A damaged or foreign
        file is reported once and not given.

        Args:
            index: Iteration; 0 is the initial render.
            fingerprint: 64 hexadecimal digits.

        Returns:
            The segment, or None: it has to be sampled.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the run.
        """
        with self._guard:
            segment = self.manifest().segment(index)
            chosen = segment.find(segment.chosen)
            if segment.locked or (chosen and chosen.take.retake and chosen.take.retake.of == fingerprint):
                found = self._load(index, chosen, locked=segment.locked)
                if found is not None:
                    return found
            found = self._load(index, segment.find(fingerprint), locked=False)
            if found is not None and segment.chosen != fingerprint and not segment.locked:
                self._choose_quietly(index, fingerprint)
            return found

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
            StoreWriteError: The disk is full or failing; a read-only folder is only warned about.
            StoreBusyError: Another process holds the run.
        """
        try:
            self._change(lambda manifest: self._with_plan(manifest, plan))
        except FolderNotWritableError as error:
            self._warn_read_only(error)

    def save(self, index: int, latent: Any, take: Take, *, plan: Mapping[str, Any] | None = None) -> Take:
        """Keeps a finished iteration. It becomes the chosen take, unless the segment is locked to one that is whole.

        Nothing is overwritten: where a damaged or foreign file has the name, the segment is written beside it.

        Args:
            index: Iteration; 0 is the initial render.
            latent: What the codec takes.
            take: How it was made.
            plan: The loop plan as JSON; None leaves what is there.

        Returns:
            The take as it is kept: an earlier one where another server was faster with the same fingerprint.

        Raises:
            CheckpointError: The latent, the take or the plan cannot be kept exactly.
            NewerManifestError: A newer Audio Loop wrote the run.
            DiskFullError: No space; finished segments are whole.
            StoreWriteError: The disk fails.
            StoreBusyError: Another process holds the run.
        """
        # Each file repeats the plan, so that a lost manifest can be rebuilt from any of them.
        plan = self.manifest().plan if plan is None else plan
        data = self._codec.encode(latent, SegmentInfo(index, take, plan, self._identity))
        with self._guard:
            try:
                return self._save_file(index, take, data, plan)
            except FolderNotWritableError as error:
                self._warn_read_only(error)
                self._in_memory[index, take.fingerprint] = (data, take)
                return take

    def choose(self, index: int, fingerprint: str, *, lock: bool = True) -> None:
        """Puts an earlier take back into the video.

        Args:
            index: Iteration.
            fingerprint: The take's, or its first digits.
            lock: Whether it stands in later renders too; without, the next render chooses by fingerprint again.

        Raises:
            CheckpointError: There is no such take, or the choice could not be written.
        """
        self._change(lambda manifest: manifest.with_choice(index, fingerprint, locked=lock))

    def lock(self, index: int, locked: bool = True) -> None:
        """Locks the chosen take of an iteration against changes upstream, or frees it.

        Raises:
            CheckpointError: There is no take, or the lock could not be written.
        """
        self._change(lambda manifest: manifest.with_lock(index, locked))

    def prune(self, *, keep_takes: int | None = None, limit_bytes: int | None = None) -> tuple[str, ...]:
        """Deletes takes that are not chosen, oldest first. Only ever called because the user asked for it.

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
        if (index, fingerprint) in self._in_memory:
            data, take = self._in_memory[index, fingerprint]
            return Found(self._codec.decode_bytes(data), take, locked)
        path = self.folder / stored.file
        try:
            latent, info = self._codec.decode(path, index, fingerprint)
        except DamagedSegmentError as error:
            self._files.report(path, f"{error}. The file stays where it is; iteration {index} has to be made again")
            return None
        return Found(latent, info.take, locked)

    def _save_file(self, index: int, take: Take, data: bytes, plan: Mapping[str, Any] | None) -> Take:
        self._files.make()
        temporary = write_temporary(self.folder / segment_file_name(index, take.fingerprint), data)
        try:
            with run_lock(self.folder, self._warn_lockless):
                manifest = self._with_plan(self._files.read(), plan)
                segment = manifest.segment(index)
                stored = segment.find(take.fingerprint)
                if stored is None or not self._files.is_whole(index, stored):
                    stored = StoredTake(self._publish(temporary, index, take), take)
                locked_take = segment.find(segment.chosen) if segment.locked else None
                keeps_choice = locked_take is not None and self._files.is_whole(index, locked_take)
                self._files.write(manifest.with_take(index, stored, choose=not keeps_choice))
                return stored.take
        finally:
            discard(temporary)

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
            self._files.make()
            with run_lock(self.folder, self._warn_lockless):
                remove_stale_temporaries(self.folder)
                before = self._files.read()
                after = change(before)
                if after != before or not self._files.has_manifest():
                    self._files.write(after)

    def _choose_quietly(self, index: int, fingerprint: str) -> None:
        def choose(manifest: Manifest) -> Manifest:
            segment = manifest.segment(index)
            if segment.locked or segment.find(fingerprint) is None:
                return manifest
            return manifest.with_choice(index, fingerprint, locked=False)

        try:
            self._change(choose)
        except (StoreWriteError, StoreBusyError) as error:
            # The latent is there; that the manifest still names another take only matters to a later assembly.
            self._files.warn_once("choice", f"the manifest could not be brought up to date: {error}")

    def _with_plan(self, manifest: Manifest, plan: Mapping[str, Any] | None) -> Manifest:
        identity = manifest.identity or self._identity
        return replace(manifest, identity=identity, plan=manifest.plan if plan is None else dict(plan))

    def _warn_read_only(self, error: FolderNotWritableError) -> None:
        self._files.warn_once(
            "read-only",
            f"{error}. The render goes on without keeping its segments on disk; they are lost when ComfyUI ends",
        )

    def _warn_lockless(self, message: str) -> None:
        self._files.warn_once("lock", message)
