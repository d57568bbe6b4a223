"""Runs, windows and takes from manifests alone, for a person to choose from."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from audio_loop.checkpoints.runs.on_disk import last_changed_run, runs_on_disk, take_by_id, windows_on_disk
from audio_loop.checkpoints.runs.run_folder import read_manifest_file

STORED = Path(__file__).resolve().parents[3] / "golden" / "stored_runs" / "audio_loop"
FINISHED = "stored_song_2026-11-27_5c5b1245"


@pytest.fixture
def root(tmp_path):
    shutil.copytree(STORED, tmp_path / "runs")
    os.utime(tmp_path / "runs" / FINISHED / "manifest.json", (1_000_000, 1_000_000))
    os.utime(tmp_path / "runs" / "unfinished" / "manifest.json", (2_000_000, 2_000_000))
    return tmp_path / "runs"


def test_runs_come_with_the_one_changed_last_first(root):
    first, second = runs_on_disk(root)
    assert (first.name, first.finished, first.windows, first.problem) == ("unfinished", 3, 5, "")
    assert (second.name, second.finished, second.windows) == (FINISHED, 5, 5)
    assert first.changed == "1970-01-24T03:33:20+00:00"
    assert first.song_seconds == second.song_seconds > 0
    assert first.picture == (0, "8d8dbc3099aac7c1")
    assert last_changed_run(root) == "unfinished"
    json.dumps([first.to_json(), second.to_json()])


def test_a_run_that_cannot_be_read_says_why_and_hides_no_other(root):
    (root / "broken").mkdir()
    (root / "broken" / "manifest.json").write_text("{")
    (root / "newer").mkdir()
    (root / "newer" / "manifest.json").write_text(json.dumps({"format": "audio_loop.checkpoint_run", "version": 99}))
    problems = {run.name: run.problem for run in runs_on_disk(root)}
    assert problems[FINISHED] == problems["unfinished"] == ""
    assert "damaged" in problems["broken"]
    assert "Update the pack" in problems["newer"]


def test_no_run_and_no_folder(tmp_path):
    assert runs_on_disk(tmp_path) == runs_on_disk(tmp_path / "missing") == ()
    assert last_changed_run(tmp_path / "missing") is None


def test_windows_say_when_they_are_shown_and_which_takes_they_have(root):
    windows = windows_on_disk(read_manifest_file(root / FINISHED / "manifest.json"))
    assert [window["index"] for window in windows] == [0, 1, 2, 3, 4]
    assert [window["locked"] for window in windows] == [False, False, True, True, False]
    shown = [window["shows"] for window in windows]
    assert shown[0][0] == 0
    assert [left[1] for left in shown[:-1]] == [right[0] for right in shown[1:]]
    initial = windows[0]["takes"]
    assert [(take["number"], take["retake"]) for take in initial] == [(1, False), (2, True)]
    assert [take["chosen"] for window in windows for take in window["takes"]].count(True) == 5


def test_windows_of_a_run_without_a_plan_have_no_times(root):
    path = root / "unfinished" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"plan": None}))
    assert [window["shows"] for window in windows_on_disk(read_manifest_file(path))] == [None] * 3
    assert (runs_on_disk(root)[0].windows, runs_on_disk(root)[0].song_seconds) == (None, None)


def test_a_take_is_found_by_the_first_digits_of_its_fingerprint(root):
    manifest = read_manifest_file(root / "unfinished" / "manifest.json")
    assert take_by_id(manifest, 1, "0e00b10b3651ef7e") is not None
    assert take_by_id(manifest, 1, "8d8dbc3099aac7c1") is None
    assert take_by_id(manifest, 1, "0e") is None
    assert take_by_id(manifest, 7, "0e00b10b3651ef7e") is None
