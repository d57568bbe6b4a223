import dataclasses
import json
import logging
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audio_loop.checkpoints.fingerprint import file_hashes
from audio_loop.checkpoints.fingerprint.file_hashes import FileHashes

LONG_AGO_NS = time.time_ns() - 3600 * 10**9


STABLE_AFTER_NS = file_hashes.STABLE_AFTER_NS


@pytest.fixture(autouse=True)
def old_files(monkeypatch):
    """The files of these tests are trusted at once; nobody can make their time of change older than the test."""
    monkeypatch.setattr(file_hashes, "STABLE_AFTER_NS", 0)


@pytest.fixture
def young_files(monkeypatch, old_files):
    """They are not, as in life."""
    monkeypatch.setattr(file_hashes, "STABLE_AFTER_NS", STABLE_AFTER_NS)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights" * 1000)
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return path


@pytest.fixture
def memory(tmp_path):
    return tmp_path / "cache" / "hashes.json"


class Reads:
    """Counts how many bytes were hashed."""

    def __init__(self):
        self.read_bytes = 0
        self.seen = []

    def __call__(self, done, total):
        self.seen.append((done, total))
        self.read_bytes = done


def hashed(hashes, path, progress):
    """The digest of a file, and what this call alone reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashes, "_progress", progress)
        return hashes.digest(path)


def test_a_file_is_read_once_also_across_restarts(model, memory):
    first, second, third = Reads(), Reads(), Reads()
    hashes = FileHashes(memory)
    digest = hashed(hashes, model, first)
    assert hashed(hashes, model, second) == digest
    assert hashed(FileHashes(memory), model, third) == digest
    assert (first.read_bytes, second.read_bytes, third.read_bytes) == (7000, 0, 0)


def test_content_and_time_of_change(model, memory):
    hashes = FileHashes(memory)
    before = hashes.digest(model)
    model.write_bytes(b"WEIGHTS" * 1000)
    os.utime(model, ns=(LONG_AGO_NS + 1, LONG_AGO_NS + 1))
    assert hashes.digest(model) != before
    model.write_bytes(b"weights" * 1000)
    os.utime(model, ns=(LONG_AGO_NS + 2, LONG_AGO_NS + 2))
    assert hashes.digest(model) == before


def test_a_fresh_file_is_not_trusted_to_its_time(model, memory, young_files, monkeypatch):
    now = time.time_ns()
    honest = file_hashes.identify
    # A coarse clock gives the same time to two changes that follow each other.
    monkeypatch.setattr(file_hashes, "identify", lambda path: dataclasses.replace(honest(path), changed_ns=now))
    monkeypatch.setattr(file_hashes, "_sample", lambda path, size_bytes: b"")
    hashes = FileHashes(memory)
    os.utime(model, ns=(now, now))
    before = hashes.digest(model)
    model.write_bytes(b"WEIGHTS" * 1000)
    os.utime(model, ns=(now, now))
    assert hashes.digest(model) != before


def replaced_by_copying(model, other):
    shutil.copyfile(other, model)


def replaced_by_renaming(model, other):
    other.rename(model)


@pytest.mark.parametrize("replace", [replaced_by_copying, replaced_by_renaming])
@pytest.mark.parametrize("position", [0, 3500, 6999])
def test_another_file_of_the_same_length_and_date(model, memory, tmp_path, replace, position):
    hashes = FileHashes(memory)
    before = hashes.digest(model)
    other = tmp_path / "other"
    content = bytearray(model.read_bytes())
    content[position] ^= 1
    other.write_bytes(content)
    replace(model, other)
    os.utime(model, ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert model.stat().st_size == 7000
    assert hashes.digest(model) == FileHashes(memory).digest(model) == FileHashes(None).digest(model) != before


def test_where_there_is_no_time_of_change_samples_of_the_content_tell(model, memory, monkeypatch):
    """As on Windows and on network shares that give the time of the last write for it."""
    honest = file_hashes.identify
    same = {"changed_ns": LONG_AGO_NS, "inode": 1}
    monkeypatch.setattr(file_hashes, "identify", lambda path: dataclasses.replace(honest(path), **same))
    hashes = FileHashes(memory)
    before = hashes.digest(model)
    model.write_bytes(b"WEIGHTS" * 1000)
    os.utime(model, ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert hashes.digest(model) == FileHashes(None).digest(model) != before


def test_samples_reach_over_the_whole_file(tmp_path):
    path = tmp_path / "large"
    size = 1 << 20
    path.write_bytes(bytes(size))
    whole = file_hashes._sample(path, size)
    for position in (0, 4095, size // 2 // 4096 * 4096 - 40_000, size - 1):
        changed = bytearray(size)
        changed[position : position + 40_000] = b"x" * min(40_000, size - position)
        path.write_bytes(changed[:size])
        assert file_hashes._sample(path, size) != whole


class Calendar:
    """A clock to be set."""

    def __init__(self, monkeypatch):
        self.passed_seconds = 0.0
        monkeypatch.setattr(file_hashes.time, "monotonic", lambda: 1000.0 + self.passed_seconds)


def test_a_file_dated_in_the_future_is_hashed_in_full_twice_at_most(model, memory, young_files, monkeypatch):
    clock = Calendar(monkeypatch)
    next_year_ns = time.time_ns() + 365 * 24 * 3600 * 10**9
    os.utime(model, ns=(next_year_ns, next_year_ns))
    hashes, read = FileHashes(memory), []
    for seconds in (0.0, 5.0, 10.0, 15.0):
        clock.passed_seconds = seconds
        reads = Reads()
        hashed(hashes, model, reads)
        read.append(reads.read_bytes)
    after_a_restart = Reads()
    hashed(FileHashes(memory), model, after_a_restart)
    assert (read, after_a_restart.read_bytes) == ([7000, 7000, 0, 0], 0)


def test_the_memory_holds_no_path(model, memory):
    FileHashes(memory).digest(model)
    text = memory.read_text()
    assert str(model.parent) not in text
    assert "model" not in text


def test_links_and_copies_agree_by_content(model, memory, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(model.read_bytes())
    os.utime(copy, ns=(LONG_AGO_NS, LONG_AGO_NS))
    (tmp_path / "link.safetensors").symlink_to(model)
    reads = Reads()
    hashes = FileHashes(memory)
    assert hashes.digest(model) == hashes.digest(copy)
    assert hashed(hashes, tmp_path / "link.safetensors", reads) == hashes.digest(model)
    assert reads.read_bytes == 0


def test_the_empty_file_and_chunk_borders(tmp_path, monkeypatch):
    monkeypatch.setattr(file_hashes, "CHUNK_BYTES", 16)
    digests = set()
    for size in (0, 1, 15, 16, 17, 32, 33):
        path = tmp_path / f"{size}"
        path.write_bytes(bytes(size))
        digests.add(FileHashes(None).digest(path))
    assert len(digests) == 7
    reads = Reads()
    hashed(FileHashes(None), tmp_path / "33", reads)
    assert reads.seen == [(16, 33), (32, 33), (33, 33)]


def test_chunks_do_not_change_the_digest(model, monkeypatch):
    whole = FileHashes(None).digest(model)
    monkeypatch.setattr(file_hashes, "CHUNK_BYTES", 13)
    assert FileHashes(None).digest(model) == whole


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"{}",
        json.dumps({"format": "audio_loop.file_hashes", "algorithm": "other", "files": {}}).encode(),
        json.dumps({"format": "audio_loop.file_hashes", "algorithm": file_hashes.ALGORITHM, "files": [1]}).encode(),
    ],
)
def test_a_damaged_memory_is_made_anew(model, memory, content):
    memory.parent.mkdir()
    memory.write_bytes(content)
    digest = FileHashes(memory).digest(model)
    reads = Reads()
    assert hashed(FileHashes(memory), model, reads) == digest
    assert reads.read_bytes == 0


def damaged(position, value):
    return lambda entry: [*entry[:position], value, *entry[position + 1 :]]


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: None,
        lambda entry: 1,
        lambda entry: [],
        lambda entry: entry[:-1],
        lambda entry: [*entry, 1],
        damaged(1, True),
        damaged(0, "1"),
        damaged(4, "zz"),
        damaged(5, "00"),
        damaged(5, 7),
        damaged(4, "00" * 32),
    ],
)
def test_a_damaged_entry_is_not_used(model, memory, damage):
    digest = FileHashes(memory).digest(model)
    document = json.loads(memory.read_text())
    (key,) = document["files"]
    document["files"][key] = damage(document["files"][key])
    memory.write_text(json.dumps(document))
    reads = Reads()
    assert hashed(FileHashes(memory), model, reads) == digest
    assert reads.read_bytes == 7000


def test_two_processes_keep_each_others_entries(model, memory, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"x")
    os.utime(other, ns=(LONG_AGO_NS, LONG_AGO_NS))
    first, second = FileHashes(memory), FileHashes(memory)
    first.digest(model)
    second.digest(other)
    assert len(json.loads(memory.read_text())["files"]) == 2


def test_a_memory_that_cannot_be_written_warns_once(model, tmp_path, caplog):
    (tmp_path / "file").write_bytes(b"")
    hashes = FileHashes(tmp_path / "file" / "hashes.json")
    other = tmp_path / "other"
    other.write_bytes(b"x")
    os.utime(other, ns=(LONG_AGO_NS, LONG_AGO_NS))
    with caplog.at_level(logging.WARNING):
        digest = hashes.digest(model)
        hashes.digest(other)
    assert len(caplog.records) == 1
    reads = Reads()
    assert hashed(hashes, model, reads) == digest
    assert reads.read_bytes == 0


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        FileHashes(None).digest(tmp_path / "nothing")
    with pytest.raises(OSError, match="not a regular file but a folder"):
        FileHashes(None).digest(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file but a pipe"):
        FileHashes(None).digest(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file but a device"):
        FileHashes(None).digest(Path("/dev/zero"))


def test_a_pipe_in_place_of_the_memory_hangs_nobody(model, memory):
    memory.parent.mkdir()
    os.mkfifo(memory)
    assert FileHashes(memory).digest(model) == FileHashes(None).digest(model)


def test_a_file_that_keeps_growing_is_refused(model):
    def grow(done, total):
        with model.open("ab") as file:
            file.write(b"more")

    with pytest.raises(OSError, match="kept changing"):
        hashed(FileHashes(None), model, grow)


def test_hashing_can_be_interrupted(model, memory):
    class InterruptedByUserError(Exception):
        pass

    def stop(done, total):
        raise InterruptedByUserError

    hashes = FileHashes(memory)
    with pytest.raises(InterruptedByUserError):
        hashed(hashes, model, stop)
    assert hashes.digest(model) == FileHashes(None).digest(model)


def test_long_files_are_reported(model, monkeypatch, caplog):
    monkeypatch.setattr(file_hashes, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(file_hashes, "SECONDS_BETWEEN_REPORTS", 0.0)
    with caplog.at_level(logging.INFO):
        FileHashes(None).digest(model)
    assert "Hashing model.safetensors once" in caplog.text


class CancelledError(Exception):
    pass


def test_a_cancel_ends_the_hashing_of_a_large_file_and_nothing_is_remembered(tmp_path, memory):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.truncate(5 * 10**9)
    read = []

    def cancel(done_bytes, _all_bytes):
        read.append(done_bytes)
        if len(read) == 3:
            raise CancelledError

    hashes = FileHashes(memory, cancel)
    with pytest.raises(CancelledError):
        hashes.digest(path)
    assert read[-1] == 3 * file_hashes.CHUNK_BYTES
    assert not memory.exists()
    path.unlink()
    path.write_bytes(b"small")
    assert hashes.digest(path) == FileHashes(None).digest(path)


def test_what_is_remembered_is_known_without_reading_and_nothing_else_is(model, memory):
    hashes = FileHashes(memory)
    assert hashes.known(model) is None
    digest = hashes.digest(model)
    assert hashes.known(model) == FileHashes(memory).known(model) == digest
    model.write_bytes(b"other weights")
    assert hashes.known(model) is None
    with pytest.raises(FileNotFoundError):
        hashes.known(model.with_name("nothing"))


def test_a_file_that_somebody_is_reading_now_is_not_known(model, memory, monkeypatch):
    hashes = FileHashes(memory)
    digest = hashes.digest(model)
    monkeypatch.setattr(file_hashes, "LONGEST_WAIT_SECONDS", 0.001)
    with ThreadPoolExecutor(1) as others:
        assert others.submit(hashes._lock.acquire).result()
        assert hashes.known(model) is None
        others.submit(hashes._lock.release).result()
    assert hashes.known(model) == digest
