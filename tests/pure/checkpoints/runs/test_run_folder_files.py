"""The manifest of a run's folder: odd files in its place, changes under the read, and what cannot be written."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import pytest

from audio_loop.checkpoints.errors import CheckpointError, DamagedManifestError, StoreWriteError
from audio_loop.checkpoints.runs import held_windows, run_folder
from audio_loop.checkpoints.runs.held_windows import free_bytes
from audio_loop.checkpoints.runs.manifest import Manifest, dump_manifest, parse_manifest
from audio_loop.checkpoints.runs.run_folder import RunFolder
from audio_loop.checkpoints.runs.window_counts import WindowCounts
from audio_loop.checkpoints.take import Take, segment_file_name

EMPTY = Manifest("run", "identity", "2026-03-01T10:00:00.000000+00:00", {"fps": 25})


@pytest.fixture
def folder(tmp_path):
    made = RunFolder(tmp_path / "run", "run", "identity")
    made.make()
    return made


def test_a_manifest_that_was_replaced_under_the_read_is_read_again(folder, monkeypatch):
    path, aside = folder.path / "manifest.json", folder.path / "aside.json"
    path.write_bytes(dump_manifest(EMPTY))
    real = run_folder.read_manifest_file

    def replaced_meanwhile(path):
        path.rename(aside)
        path.write_bytes(dump_manifest(Manifest("run", "another")))
        return real(path)

    monkeypatch.setattr(run_folder, "read_manifest_file", replaced_meanwhile)
    assert folder.read().identity == "another"
    monkeypatch.undo()
    aside.replace(path)
    assert folder.read() == EMPTY


def test_a_manifest_that_stays_is_read_once(folder, monkeypatch):
    folder.write(EMPTY)
    assert folder.read() == EMPTY
    monkeypatch.setattr(run_folder, "read_manifest_file", lambda _path: pytest.fail("it was read again"))
    assert folder.read() == EMPTY


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_what_is_no_file_in_the_place_of_a_manifest_is_told_and_never_replaced(folder, caplog, make):
    path = folder.path / "manifest.json"
    make(path)
    with caplog.at_level(logging.WARNING):
        assert folder.read().windows == ()
    assert "manifest.json cannot be read" in caplog.text
    with pytest.raises(StoreWriteError, match="is not a regular file; move it away"):
        folder.write(EMPTY)
    assert [each.name for each in folder.path.iterdir()] == ["manifest.json"]
    assert not path.is_file()


def test_a_plan_that_json_does_not_have_is_refused_and_the_manifest_stays(folder):
    folder.write(EMPTY)
    with pytest.raises(CheckpointError, match="the run run cannot be written down: "):
        folder.write(Manifest("run", "identity", plan={"fps": float("nan")}))
    assert folder.read() == EMPTY


def test_a_folder_that_cannot_be_listed_is_told(folder, caplog, monkeypatch):
    folder.write(EMPTY)

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with caplog.at_level(logging.WARNING):
        assert folder.read() == EMPTY
    assert "the folder cannot be read: " in caplog.text


def test_a_window_that_is_locked_without_a_take_is_damage():
    taken = EMPTY.with_take(0, run_folder.StoredTake(segment_file_name(0, "a" * 64), Take("a" * 64)), choose=True)
    document = json.loads(dump_manifest(taken))
    document["segments"][0].update(takes=[], chosen=None, locked=True)
    with pytest.raises(DamagedManifestError, match="window 0 is locked without a take"):
        parse_manifest(json.dumps(document).encode())
    document["segments"][0].update(locked=False)
    assert parse_manifest(json.dumps(document).encode()).window(0).takes == ()


@pytest.mark.parametrize("error", [FileNotFoundError(), PermissionError()])
def test_room_that_the_system_does_not_tell_is_not_known(tmp_path, monkeypatch, error):
    def fail(_folder):
        raise error

    monkeypatch.setattr(held_windows.shutil, "disk_usage", fail)
    assert free_bytes(tmp_path / "not" / "yet") is None


def test_a_report_counts_windows():
    counts = WindowCounts(from_disk={0, 1, 2})
    assert counts.text(10) == "3 of 10 from disk"
    counts.made.update((3, 4))
    counts.not_kept.add(4)
    assert counts.text(10, in_memory=1) == (
        "3 of 10 from disk, 2 made, 1 not kept (NaN); 1 in memory only until the folder takes them"
    )
