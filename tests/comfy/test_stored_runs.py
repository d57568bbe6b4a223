"""A prompt whose windows an earlier version stored takes them from disk: the fingerprints are still the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .resume.harness import Runner

STORED = Path(__file__).resolve().parents[1] / "golden" / "stored_runs"


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    base = tmp_path_factory.mktemp("stored")
    started = Runner(base, tmp_path_factory.mktemp("no_models"))
    shutil.copytree(STORED / "input", base / "input", dirs_exist_ok=True)
    yield started
    started.close()


def queued(runner, folder, name):
    """Queues a prompt of the stored runs beside a copy of them: what the checkpoints said last, and the windows made."""
    if not (folder / "output").exists():
        shutil.copytree(STORED / "audio_loop", folder / "output" / "audio_loop")
    (answer,) = runner.run(folder, [json.loads((STORED / f"{name}.json").read_text())], ["show"]).answers
    assert answer["ok"], answer
    said = [text for text in answer["texts"] if "from disk" in text][-1]
    return said, [node for node in answer["started"] if node == "first" or node.endswith(".window")]


def test_a_finished_run_is_taken_from_disk(runner, tmp_path):
    said, made = queued(runner, tmp_path, "finished")
    assert made == []
    assert said == "5 of 5 from disk"
    assert len(list((tmp_path / "output" / "audio_loop").iterdir())) == 2


def test_of_an_unfinished_run_only_the_missing_windows_are_made(runner, tmp_path):
    said, made = queued(runner, tmp_path, "unfinished")
    assert made == ["close.run.3.window", "close.run.4.window"]
    assert said == "3 of 5 from disk, 2 made"
    assert queued(runner, tmp_path, "unfinished") == ("5 of 5 from disk", [])
