"""Content hashes of model, picture and sound files, each computed once and remembered by size and time of change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .atomic_write import write_atomically
from .errors import StoreWriteError
from .hashing import ALGORITHM, DIGEST_BYTES, digest_parts, new_hasher
from .json_document import JsonDocumentError, dump_json, parse_json

_log = logging.getLogger(__name__)

CHUNK_BYTES = 16 << 20
SECONDS_BETWEEN_REPORTS = 5.0
# File systems stamp changes as coarsely as 2 s (FAT). A younger file could change again without a new stamp.
SETTLED_AFTER_NS = 2_000_000_000
_LONGEST_CACHE_BYTES = 64 << 20
_FORMAT = "audio_loop.file_hashes"

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all); may raise to stop the hashing."""


@dataclass(frozen=True)
class _Stamp:
    size_bytes: int
    changed_ns: int


class FileHashes:
    """Hashes files by content; a file that kept its size and time of change is not read again, also after a restart."""

    def __init__(self, memory_file: Path | None) -> None:
        """Opens the memory.

        Args:
            memory_file: JSON file to remember digests in (its folder is made when needed); None keeps them in the
                process only. A damaged one is ignored and written anew: it holds nothing that cannot be computed.
        """
        self._memory_file = memory_file
        self._known: dict[str, tuple[_Stamp, bytes]] = {}
        self._lock = threading.Lock()
        self._warned = False

    def digest(self, path: Path, progress: Progress | None = None) -> bytes:
        """Returns the digest of a file's size and content.

        Args:
            path: A regular file; links are followed.
            progress: Called after each 16 MiB.

        Returns:
            32 bytes.

        Raises:
            OSError: The file is missing, unreadable, not a regular file, or kept changing while it was read.
        """
        resolved = path.resolve(strict=True)
        key = str(resolved)
        with self._lock:
            stamp = _stamp(resolved)
            self._load_memory(key)
            known = self._known.get(key)
            if known is not None and known[0] == stamp:
                return known[1]
            stamp, digest = _hash_settled(resolved, progress)
            if time.time_ns() - stamp.changed_ns > SETTLED_AFTER_NS:
                self._known[key] = (stamp, digest)
                self._save_memory()
            return digest

    def _load_memory(self, wanted: str) -> None:
        if wanted in self._known or self._memory_file is None:
            return
        self._known = _read_memory(self._memory_file) | self._known

    def _save_memory(self) -> None:
        if self._memory_file is None:
            return
        # Another server may have added to the file; a digest that loses this race is computed once more, no harm.
        entries = _read_memory(self._memory_file) | self._known
        document = {
            "format": _FORMAT,
            "algorithm": ALGORITHM,
            "files": {name: [stamp.size_bytes, stamp.changed_ns, digest.hex()] for name, (stamp, digest) in entries.items()},
        }
        try:
            self._memory_file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._memory_file, dump_json(document, indent=1))
        except (OSError, StoreWriteError, ValueError) as error:
            if not self._warned:
                self._warned = True
                _log.warning("File hashes cannot be remembered, so large models are read again next time: %s", error)


def _hash_settled(path: Path, progress: Progress | None) -> tuple[_Stamp, bytes]:
    for _attempt in range(3):
        before = _stamp(path)
        digest = _hash_content(path, before.size_bytes, progress)
        if _stamp(path) == before:
            return before, digest
    raise OSError(f"{path} kept changing while it was read; wait until its download or copy has finished")


def _hash_content(path: Path, size_bytes: int, progress: Progress | None) -> bytes:
    hasher = new_hasher()
    buffer = memoryview(bytearray(min(CHUNK_BYTES, max(size_bytes, 1))))
    done_bytes = 0
    reported = time.monotonic()
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            hasher.update(buffer[:count])
            done_bytes += count
            if done_bytes > size_bytes:  # it grows while it is read, perhaps faster than that
                break
            if progress is not None:
                progress(done_bytes, size_bytes)
            if time.monotonic() - reported >= SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                _log.info(
                    "Hashing %s once for the checkpoints: %.1f of %.1f GB",
                    path.name,
                    done_bytes / 1e9,
                    size_bytes / 1e9,
                )
    return digest_parts("file content", str(done_bytes), hasher.digest())


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    if not path.is_file():
        raise OSError(f"{path} is not a regular file")
    return _Stamp(status.st_size, status.st_mtime_ns)


def _read_memory(path: Path) -> dict[str, tuple[_Stamp, bytes]]:
    try:
        document = parse_json(path.read_bytes(), longest_bytes=_LONGEST_CACHE_BYTES)
    except (OSError, JsonDocumentError):
        return {}
    if not isinstance(document, dict) or document.get("format") != _FORMAT or document.get("algorithm") != ALGORITHM:
        return {}
    files = document.get("files")
    entries = files.items() if isinstance(files, dict) else ()
    return {name: entry for name, raw in entries if (entry := _read_entry(raw)) is not None}


def _read_entry(raw: object) -> tuple[_Stamp, bytes] | None:
    if not isinstance(raw, list) or len(raw) != 3:
        return None
    size_bytes, changed_ns, digest_hex = raw
    if type(size_bytes) is not int or type(changed_ns) is not int or not isinstance(digest_hex, str):
        return None
    try:
        digest = bytes.fromhex(digest_hex)
    except ValueError:
        return None
    return (_Stamp(size_bytes, changed_ns), digest) if len(digest) == DIGEST_BYTES else None
