"""Reads a run's folder as it is: the manifest, and the segment files that it does not know.

The manifest is rebuilt from the files if it is lost, damaged or behind, which is what a kill between two writes
leaves.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from dataclasses import replace
from pathlib import Path

from ...files.atomic_write import publish, write_new, write_temporary
from ...files.hashing import digest_parts
from ...files.regular_files import read_regular
from ..errors import CheckpointError, DamagedManifestError, DamagedSegmentError, StoreWriteError
from ..segments.container import read_verified
from ..segments.header import SegmentInfo
from ..take import index_of_file_name
from ..write_errors import as_write_error, writing
from .manifest import LONGEST_MANIFEST_BYTES, Manifest, StoredTake, dump_manifest, parse_manifest

_log = logging.getLogger(__name__)

MANIFEST_NAME = "manifest.json"

_Signature = tuple[int, int, int]


def read_manifest_file(path: Path) -> Manifest:
    """Reads a manifest's file.

    Raises:
        OSError: It cannot be read, or is no regular file: a pipe in its place would block for ever.
        DamagedManifestError: It is none.
        NewerManifestError: A newer Audio Loop wrote it.
    """
    return parse_manifest(read_regular(path, LONGEST_MANIFEST_BYTES))


class RunFolder:
    """The files of one run. Reading needs no lock; `write` is called with the run's lock held."""

    def __init__(self, path: Path, run: str, identity: str) -> None:
        """Names the folder; nothing is read or made.

        Args:
            path: The folder; it need not exist.
            run: The run's name, for new manifests and messages.
            identity: What a re-queue finds the run by; for new manifests.
        """
        self.path = path
        self._run = run
        self._identity = identity
        self._reported: dict[str, _Signature | None] = {}
        self._warned: set[str] = set()
        self._parsed: tuple[_Signature, Manifest] | None = None
        self._verdicts: dict[str, tuple[_Signature, SegmentInfo | None]] = {}

    def identify(self, identity: str) -> None:
        """Keeps the identity for a run that has none yet; see `Store.identify`."""
        self._identity = self._identity or identity

    def make(self) -> None:
        """Makes the folder if it is not there.

        Raises:
            StoreWriteError: It cannot be made.
        """
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)

    def read(self) -> Manifest:
        """The run as its files tell it now.

        Raises:
            NewerManifestError: A newer Audio Loop wrote the manifest.
        """
        manifest = self._read_manifest()
        listed = {stored.file for window in manifest.windows for stored in window.takes}
        found = [
            (info.take.created, name, info)
            for name in self._segment_names()
            if name not in listed and (info := self._verified_info(name)) is not None
        ]
        for _created, name, info in sorted(found, key=lambda each: each[:2]):
            manifest = self._adopt(manifest, name, info)
        return manifest

    def write(self, manifest: Manifest) -> None:
        """Replaces the manifest. A damaged one is copied aside first: somebody may have edited it by hand.

        Args:
            manifest: The run.

        Raises:
            CheckpointError: The plan has a value that JSON does not have.
            StoreWriteError: The disk is full, failing or read-only; the manifest is as it was.
        """
        path = self.path / MANIFEST_NAME
        try:
            data = dump_manifest(manifest)
        except (ValueError, TypeError) as error:
            raise CheckpointError(f"the run {self._run} cannot be written down: {error}") from error
        self._keep_damaged_manifest(path)
        with writing(path, len(data)):
            temporary = write_temporary(path, data)
            signature = _signature_of(temporary)
            publish(temporary, path)
        # A rename keeps the signature, so the next read need not parse what was just written.
        self._parsed = None if signature is None else (signature, manifest)

    def has_manifest(self) -> bool:
        """Whether there is a manifest, of whatever content."""
        return os.path.lexists(self.path / MANIFEST_NAME)

    def is_whole(self, index: int, stored: StoredTake) -> bool:
        """Whether a take's file may be used; every byte is read. One that may not is reported once."""
        path = self.path / stored.file
        try:
            read_verified(path, index=index, fingerprint=stored.take.fingerprint)
        except DamagedSegmentError as error:
            self.report(path, f"{error}. The file stays where it is")
            return False
        return True

    def sizes_bytes(self) -> dict[str, int]:
        """Size of each file that has the name of a segment file."""
        sizes = {}
        for name in self._segment_names():
            with contextlib.suppress(OSError):
                sizes[name] = (self.path / name).stat().st_size
        return sizes

    def report(self, path: Path, message: str) -> None:
        """Warns about a file, once for each state of it."""
        signature = _signature_of(path)
        if path.name not in self._reported or self._reported[path.name] != signature:
            self._reported[path.name] = signature
            _log.warning("Checkpoints of run %s: %s", self._run, message)

    def warn_once(self, about: str, message: str) -> None:
        """Warns about a circumstance, once."""
        if about not in self._warned:
            self._warned.add(about)
            _log.warning("Checkpoints of run %s: %s", self._run, message)

    def tell(self, message: str) -> None:
        """Says something that is no reason to worry."""
        _log.info("Checkpoints of run %s: %s", self._run, message)

    def _adopt(self, manifest: Manifest, name: str, info: SegmentInfo) -> Manifest:
        window = manifest.window(info.index)
        same = window.find(info.take.fingerprint)
        # Two files of one fingerprint: the later was made because the earlier could not be used.
        is_earlier = same is not None and info.take.created <= same.take.created
        if same is not None and is_earlier and self._verified_info(same.file) is not None:
            return manifest
        chosen = window.find(window.chosen)
        is_newest = chosen is None or info.take.created > chosen.take.created
        manifest = manifest.with_take(info.index, StoredTake(name, info.take), choose=is_newest and not window.locked)
        manifest = manifest.with_newest_of(info.index, info.take.fingerprint, info.project)
        # A window that was taken over from another run says that run's identity; the folder's own is part of its name.
        is_own = info.identity and self.path.name.endswith(f"_{info.identity[:8]}")
        identity = manifest.identity or (info.identity if is_own else "")
        return replace(manifest, identity=identity, plan=manifest.plan or info.plan)

    def _read_manifest(self) -> Manifest:
        path = self.path / MANIFEST_NAME
        empty = Manifest(self._run, self._identity)
        signature = _signature_of(path)
        if self._parsed is not None and signature is not None and self._parsed[0] == signature:
            return self._parsed[1]
        try:
            manifest = read_manifest_file(path)
        except FileNotFoundError:
            return empty
        except OSError as error:
            self.report(path, f"manifest.json cannot be read: {error}. The run is rebuilt from its segment files")
            return empty
        except DamagedManifestError as error:
            self.report(path, f"{error}. The run is rebuilt from its segment files; choices and locks are lost")
            return empty
        # Only if the file did not change under the read does the signature belong to what was read.
        if signature is not None and signature == _signature_of(path):
            self._parsed = (signature, manifest)
        return manifest

    def _keep_damaged_manifest(self, path: Path) -> None:
        if self._parsed is not None and self._parsed[0] == _signature_of(path):
            return
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise StoreWriteError(f"{path} is not a regular file; move it away, it is where the run is written down")
            damaged = path.read_bytes()
            parse_manifest(damaged)
        except FileNotFoundError:
            return
        except OSError as error:
            raise as_write_error(error, path) from error
        except DamagedManifestError:
            copy = path.with_name(f"manifest.damaged-{digest_parts('manifest', damaged).hex()[:8]}.json")
            with writing(copy, len(damaged)), contextlib.suppress(FileExistsError):
                write_new(copy, damaged)

    def _segment_names(self) -> list[str]:
        try:
            return sorted(each.name for each in self.path.iterdir() if index_of_file_name(each.name) is not None)
        except FileNotFoundError:
            return []
        except OSError as error:
            self.report(self.path, f"the folder cannot be read: {error}")
            return []

    def _verified_info(self, name: str) -> SegmentInfo | None:
        path = self.path / name
        signature = _signature_of(path)
        known = self._verdicts.get(name)
        if known is not None and signature is not None and known[0] == signature:
            return known[1]
        try:
            info = read_verified(path)[1]
        except DamagedSegmentError as error:
            self.report(path, f"{error}. The file stays where it is")
            info = None
        if signature is not None:
            self._verdicts[name] = (signature, info)
        return info


def _signature_of(path: Path) -> _Signature | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
