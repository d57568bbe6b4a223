"""Content hashes of model, picture and sound files, each computed once and remembered by what the file system says.

What is remembered is used only for the same file (path and inode) with the same length and the same times, the time of
change among them, which copying tools cannot set. If a file system gives no such time (Windows, some network shares),
a file written over with another of equal length and equal times would pass: a few blocks spread over the file are read
each time and must be the same too.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...files.atomic_write import write_atomically
from ...files.hashing import ALGORITHM, DIGEST_BYTES, digest_parts, new_hasher
from ...files.json_document import JsonDocumentError, dump_json, parse_json
from ...files.regular_files import FileIdentity, identify, open_regular, read_regular
from ..errors import StoreWriteError
from ..write_errors import writing

_log = logging.getLogger(__name__)

CHUNK_BYTES = 16 << 20
SECONDS_BETWEEN_REPORTS = 5.0
LONGEST_WAIT_SECONDS = 0.1
"""Of a question that must not wait until a model of tens of gigabytes is hashed."""
# File systems stamp changes as coarsely as 2 s (FAT). A younger file could change again without a new stamp.
STABLE_AFTER_NS = 2_000_000_000
SAMPLED_BLOCKS, SAMPLED_BLOCK_BYTES = 32, 4096
_LONGEST_MEMORY_BYTES = 64 << 20
_MOST_ENTRIES = 20_000
_FORMAT = "audio_loop.file_hashes.2"

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all); may raise to stop the hashing."""


@dataclass(frozen=True)
class _Entry:
    identity: FileIdentity
    sample: bytes
    digest: bytes


class FileHashes:
    """Hashes files by content; a file that stayed as it was is not read again, also after a restart."""

    def __init__(self, memory_file: Path | None, progress: Progress | None = None) -> None:
        """Opens the memory.

        Args:
            memory_file: JSON file to remember digests in (its folder is made when needed); None keeps them in the
                process only. A damaged one is ignored and written anew: it holds nothing that cannot be computed, and
                no path, only hashes of them.
            progress: Called after each 16 MiB of any file; may raise to stop, and then nothing is remembered of it.
        """
        self._memory_file = memory_file
        self._progress = progress
        self._known: dict[str, _Entry] = {}
        self._first_seen: dict[FileIdentity, float] = {}
        self._lock = threading.Lock()
        self._warned = False

    def digest(self, path: Path) -> bytes:
        """Returns the digest of a file's size and content, whatever its name.

        Args:
            path: A regular file; links are followed.

        Returns:
            32 bytes.

        Raises:
            OSError: The file is missing, unreadable, not a regular file, or kept changing while it was read.
        """
        return self.look(path)[1]

    def look(self, path: Path) -> tuple[FileIdentity, bytes]:
        """Returns what the file was when it had the digest, and the digest, as `digest` does."""
        resolved = path.resolve(strict=True)
        key = _key(resolved)
        with self._lock:
            identity = identify(resolved)
            self._load_memory(key)
            known = self._known.get(key)
            if known is not None and known.identity == identity and known.sample == _sample(resolved, identity.size_bytes):
                return identity, known.digest
            seen_before = self._seen_seconds_ago(identity)
            entry = _hash_unchanged(resolved, self._progress)
            if _is_stable(entry.identity, seen_before if entry.identity == identity else 0.0):
                self._known[key] = entry
                self._save_memory()
            return entry.identity, entry.digest

    def known(self, path: Path) -> bytes | None:
        """The digest of a file if it is remembered; None if the file has to be read, or is being read by somebody now.

        Raises:
            OSError: The file is missing, unreadable or not a regular file.
        """
        resolved = path.resolve(strict=True)
        identity, key = identify(resolved), _key(resolved)
        if not self._lock.acquire(timeout=LONGEST_WAIT_SECONDS):
            return None
        try:
            self._load_memory(key)
            entry = self._known.get(key)
        finally:
            self._lock.release()
        is_same = entry is not None and entry.identity == identity and entry.sample == _sample(resolved, identity.size_bytes)
        return entry.digest if entry is not None and is_same else None

    def _seen_seconds_ago(self, identity: FileIdentity) -> float:
        now = time.monotonic()
        return now - self._first_seen.setdefault(identity, now)

    def _load_memory(self, wanted: str) -> None:
        if wanted in self._known or self._memory_file is None:
            return
        self._known = _read_memory(self._memory_file) | self._known

    def _save_memory(self) -> None:
        if self._memory_file is None:
            return
        # Another server may have added to the file; a digest that loses this race is computed once more, no harm.
        entries = _read_memory(self._memory_file) | self._known
        kept = list(entries.items())[-_MOST_ENTRIES:]
        document = {
            "format": _FORMAT,
            "algorithm": ALGORITHM,
            "files": {key: _as_list(entry) for key, entry in kept},
        }
        try:
            self._memory_file.parent.mkdir(parents=True, exist_ok=True)
            data = dump_json(document, indent=1)
            with writing(self._memory_file, len(data)):
                write_atomically(self._memory_file, data)
        except (OSError, StoreWriteError, ValueError) as error:
            if not self._warned:
                self._warned = True
                _log.warning("File hashes cannot be remembered, so large models are read again next time: %s", error)


def _key(resolved: Path) -> str:
    """The place of a file, not to be read back: people hand their folders to others."""
    return digest_parts("path", str(resolved)).hex()[:32]


def _is_stable(identity: FileIdentity, seen_before_seconds: float) -> bool:
    age_ns = time.time_ns() - identity.newest_ns
    if age_ns > STABLE_AFTER_NS:
        return True
    # A date in the future tells no age (a clock that was wrong, a server that is ahead): then the file has to have stayed
    # the same before our eyes for that long.
    return seen_before_seconds * 1e9 > STABLE_AFTER_NS


def _hash_unchanged(path: Path, progress: Progress | None) -> _Entry:
    for _attempt in range(3):
        before = identify(path)
        sample = _sample(path, before.size_bytes)
        digest = _hash_content(path, before.size_bytes, progress)
        if identify(path) == before:
            return _Entry(before, sample, digest)
    raise OSError(f"{path} kept changing while it was read; wait until its download or copy has finished")


def _hash_content(path: Path, size_bytes: int, progress: Progress | None) -> bytes:
    hasher = new_hasher()
    buffer = memoryview(bytearray(min(CHUNK_BYTES, max(size_bytes, 1))))
    done_bytes = 0
    reported = time.monotonic()
    with open(open_regular(path), "rb", buffering=0) as file:  # noqa: PTH123  a descriptor has no Path
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


def _sample(path: Path, size_bytes: int) -> bytes:
    """Hash of blocks spread evenly over the file, first and last among them."""
    hasher = new_hasher()
    last = max(size_bytes - SAMPLED_BLOCK_BYTES, 0)
    with open(open_regular(path), "rb", buffering=0) as file:  # noqa: PTH123  a descriptor has no Path
        for offset in sorted({last * i // (SAMPLED_BLOCKS - 1) for i in range(SAMPLED_BLOCKS)}):
            file.seek(offset, os.SEEK_SET)
            hasher.update(file.read(SAMPLED_BLOCK_BYTES) or b"")
    return hasher.digest()


def _as_list(entry: _Entry) -> list[int | str]:
    each = entry.identity
    numbers = [each.inode, each.size_bytes, each.modified_ns, each.changed_ns]
    return [*numbers, entry.sample.hex(), entry.digest.hex()]


def _read_memory(path: Path) -> dict[str, _Entry]:
    try:
        document = parse_json(read_regular(path, _LONGEST_MEMORY_BYTES), longest_bytes=_LONGEST_MEMORY_BYTES)
    except (OSError, JsonDocumentError):
        return {}
    if not isinstance(document, dict) or document.get("format") != _FORMAT or document.get("algorithm") != ALGORITHM:
        return {}
    files = document.get("files")
    entries = files.items() if isinstance(files, dict) else ()
    return {key: entry for key, raw in entries if (entry := _read_entry(raw)) is not None}


def _read_entry(raw: object) -> _Entry | None:
    if not isinstance(raw, list) or len(raw) != 6 or any(type(number) is not int for number in raw[:4]):
        return None
    digests = _read_digests(raw[4:])
    return _Entry(FileIdentity(*raw[:4]), *digests) if digests is not None else None


def _read_digests(raw: Sequence[object]) -> tuple[bytes, bytes] | None:
    try:
        sample, digest = (bytes.fromhex(text) for text in raw if isinstance(text, str))
    except ValueError:
        return None
    return (sample, digest) if len(sample) == len(digest) == DIGEST_BYTES else None
