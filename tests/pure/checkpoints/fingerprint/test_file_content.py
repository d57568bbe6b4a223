"""What a value names or a node says about a change: limits, odd values, and folders that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio_loop.checkpoints.fingerprint import file_content
from audio_loop.checkpoints.fingerprint.change_value import hash_change
from audio_loop.checkpoints.fingerprint.file_content import digest_of, files_in
from audio_loop.checkpoints.fingerprint.value_hash import DEEPEST_NESTING


@pytest.fixture
def folder(tmp_path):
    for name in ("b.png", "a.png", ".hidden", ".cache/c.png", "deep/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_folder_is_its_files_in_order_without_hidden_ones(folder):
    assert files_in(folder) == (folder / "a.png", folder / "b.png", folder / "deep" / "d.png")
    assert files_in(folder / "a.png") == (folder / "a.png",)


def test_a_folder_with_too_many_files_is_refused(folder, monkeypatch):
    monkeypatch.setattr(file_content, "MOST_FILES_IN_A_FOLDER", 3)
    before = digest_of(folder, Path.read_bytes)
    monkeypatch.setattr(file_content, "MOST_FILES_IN_A_FOLDER", 2)
    with pytest.raises(OSError, match=rf"the folder {folder.name} holds more than 2 files"):
        digest_of(folder, Path.read_bytes)
    (folder / "b.png").unlink()
    assert digest_of(folder, Path.read_bytes) != before


def test_a_folder_that_cannot_be_listed_is_refused_and_not_taken_for_empty(folder, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError):
        files_in(folder)


def nested(depth):
    value = 1.5
    for _ in range(depth):
        value = [value]
    return value


def test_a_value_that_is_nested_without_end_is_equal_to_nothing():
    for depth in (DEEPEST_NESTING + 5, 5000):
        assert hash_change(nested(depth), ()) is None
    assert hash_change(nested(3), ()) is not None


def test_of_a_file_that_is_gone_nothing_is_left_out(tmp_path):
    path = tmp_path / "model"
    path.touch()
    whole, without = hash_change([str(path)], [path])
    assert whole != without
    path.unlink()
    assert hash_change([str(path)], [path]) == (whole, whole)
