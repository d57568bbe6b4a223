import json
import logging
import os
import time

import pytest

from audio_loop.checkpoints import file_hashes
from audio_loop.checkpoints.file_hashes import FileHashes

LONG_AGO_NS = time.time_ns() - 3600 * 10**9


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


def test_a_file_is_read_once_also_across_restarts(model, memory):
    first, second, third = Reads(), Reads(), Reads()
    hashes = FileHashes(memory)
    digest = hashes.digest(model, first)
    assert hashes.digest(model, second) == digest
    assert FileHashes(memory).digest(model, third) == digest
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


def test_a_fresh_file_is_not_trusted_to_its_time(model, memory):
    now = time.time_ns()
    hashes = FileHashes(memory)
    os.utime(model, ns=(now, now))
    before = hashes.digest(model)
    model.write_bytes(b"WEIGHTS" * 1000)
    os.utime(model, ns=(now, now))
    assert hashes.digest(model) != before


def test_links_and_copies_agree_by_content(model, memory, tmp_path):
    copy = tmp_path / "copy.safetensors"
    copy.write_bytes(model.read_bytes())
    (tmp_path / "link.safetensors").symlink_to(model)
    reads = Reads()
    hashes = FileHashes(memory)
    assert hashes.digest(model) == hashes.digest(copy)
    assert hashes.digest(tmp_path / "link.safetensors", reads) == hashes.digest(model)
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
    FileHashes(None).digest(tmp_path / "33", reads)
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
    assert FileHashes(memory).digest(model, reads) == digest
    assert reads.read_bytes == 0


@pytest.mark.parametrize("entry", [None, 1, [], [7000, 1], [7000, LONG_AGO_NS, "zz"], [True, LONG_AGO_NS, "00" * 32]])
def test_a_damaged_entry_is_not_used(model, memory, entry):
    memory.parent.mkdir()
    document = {
        "format": "audio_loop.file_hashes",
        "algorithm": file_hashes.ALGORITHM,
        "files": {str(model.resolve()): entry},
    }
    memory.write_text(json.dumps(document))
    assert FileHashes(memory).digest(model) == FileHashes(None).digest(model)


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
    assert hashes.digest(model, reads) == digest
    assert reads.read_bytes == 0


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        FileHashes(None).digest(tmp_path / "nothing")
    with pytest.raises(OSError, match="not a regular file"):
        FileHashes(None).digest(tmp_path)


def test_a_file_that_keeps_growing_is_refused(model):
    def grow(done, total):
        with model.open("ab") as file:
            file.write(b"more")

    with pytest.raises(OSError, match="kept changing"):
        FileHashes(None).digest(model, grow)


def test_hashing_can_be_interrupted(model, memory):
    class InterruptedByUserError(Exception):
        pass

    def stop(done, total):
        raise InterruptedByUserError

    hashes = FileHashes(memory)
    with pytest.raises(InterruptedByUserError):
        hashes.digest(model, stop)
    assert hashes.digest(model) == FileHashes(None).digest(model)


def test_long_files_are_reported(model, monkeypatch, caplog):
    monkeypatch.setattr(file_hashes, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(file_hashes, "SECONDS_BETWEEN_REPORTS", 0.0)
    with caplog.at_level(logging.INFO):
        FileHashes(None).digest(model)
    assert "Hashing model.safetensors once" in caplog.text
