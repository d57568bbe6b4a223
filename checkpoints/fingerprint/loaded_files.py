"""Whether a file on disk can be another one than the one that ComfyUI holds in memory.

ComfyUI keeps what a loader gave as long as the loader's inputs are the same, so a model that is replaced under its name
goes on in memory as it was. Nothing tells which of the two a node will get: a cache may drop the old one at any time. So
each state of a file in which a prompt named it is noted, for as long as the process lives, and if they are not all
known to have the same content, no fingerprint may speak for the file.
"""

from __future__ import annotations

import threading
from pathlib import Path

from ...files.regular_files import FileIdentity, identify
from .file_hashes import FileHashes


class LoadedFiles:
    """States of files at the moments at which ComfyUI may have loaded them."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, bytes], dict[FileIdentity, bytes | None]] = {}
        self._lock = threading.Lock()

    def note(self, path: Path, loaded_for: bytes, identity: FileIdentity, digest: bytes | None) -> None:
        """Notes a file that a prompt names.

        Args:
            path: The file.
            loaded_for: What ComfyUI would load it again for, if that changed (a node's IS_CHANGED); b"" for nothing.
            identity: What the file system says of it now.
            digest: Its content, if it is known.
        """
        with self._lock:
            states = self._states.setdefault((str(path), loaded_for), {})
            states[identity] = digest or states.get(identity)

    def may_be_another(self, path: Path, loaded_for: bytes) -> bool:
        """Whether a file was seen in states that are not known to have the same content."""
        with self._lock:
            states = self._states.get((str(path), loaded_for), {})
            return len(states) > 1 and (None in states.values() or len(set(states.values())) > 1)


class FileWatch:
    """Hashes the files of one fingerprint, and tells afterwards whether one of them was replaced meanwhile."""

    def __init__(self, hashes: FileHashes, loaded: LoadedFiles) -> None:
        self._hashes = hashes
        self._loaded = loaded
        self._seen: dict[Path, tuple[FileIdentity, bytes]] = {}

    def hash_file(self, path: Path) -> bytes:
        """Content digest of a file.

        Raises:
            OSError: As `FileHashes.digest`.
        """
        if path not in self._seen:
            self._seen[path] = self._hashes.look(path)
        return self._seen[path][1]

    def may_be_another(self, path: Path, loaded_for: bytes) -> bool:
        """Whether ComfyUI may hold another content of a file that was hashed here (`LoadedFiles`)."""
        identity, digest = self._seen[path]
        self._loaded.note(path, loaded_for, identity, digest)
        return self._loaded.may_be_another(path, loaded_for)

    def replaced(self) -> tuple[str, ...]:
        """Names of the files whose content is not what it was when they were hashed."""
        return tuple(path.name for path, (identity, digest) in self._seen.items() if not self._is(path, identity, digest))

    def _is(self, path: Path, identity: FileIdentity, digest: bytes) -> bool:
        try:
            return identify(path) == identity or self._hashes.digest(path) == digest
        except OSError:
            return False
