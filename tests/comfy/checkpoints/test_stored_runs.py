"""A prompt whose windows an earlier version stored takes them from disk: the fingerprints are still the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .resume.harness import Runner

STORED = Path(__file__).resolve().parents[2] / "golden" / "stored_runs"


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    base = tmp_path_factory.mktemp("stored")
    started = Runner(base, tmp_path_factory.mktemp("no_models"))
    shutil.copytree(STORED / "input", base / "input", dirs_exist_ok=True)
    yield started
    started.close()


LAST_PROMPT = "window 4: a face is weeping"
MADE_BY = {"comfyui": "0.33.0", "audio-loop": "0.1.0"}


def queued(runner, folder, name, versions, **values):
    """Queues a prompt of the stored runs beside a copy of them: what the checkpoints said last, and the windows made."""
    if not (folder / "output").exists():
        shutil.copytree(STORED / "audio_loop", folder / "output" / "audio_loop")
    prompt = json.loads((STORED / f"{name}.json").read_text())
    for checkpoint in ("2201", "2202"):
        prompt[checkpoint]["inputs"].update(values)
    (answer,) = runner.run(folder, [prompt], ["show"], versions=versions).answers
    assert answer["ok"], answer
    said = [text for text in answer["texts"] if "from disk" in text][-1]
    made = [node.removeprefix("close.run.").partition(".")[0] for node in answer["started"] if node.endswith("window")]
    return said, ["0"] * answer["started"].count("first") + made


def test_a_finished_run_is_taken_from_disk(runner, tmp_path):
    assert queued(runner, tmp_path, "finished", MADE_BY) == (f"5 of 5 from disk\n{LAST_PROMPT}", [])
    assert len(list((tmp_path / "output" / "audio_loop").iterdir())) == 2


def test_after_an_update_a_finished_run_is_made_again_but_for_what_is_locked_or_picked(runner, tmp_path):
    said, made = queued(runner, tmp_path, "finished", MADE_BY | {"comfyui": "9.9.9"})
    # Window 2 is locked, and take 1 of window 3 picked.
    assert made == ["0", "1", "4"]
    assert said.splitlines()[-2] == (
        "the run was finished with another ComfyUI, this is ComfyUI 9.9.9: its windows are made again; 'use finished windows' "
        "in 'after_update' takes them from disk"
    )


def test_after_an_update_a_finished_run_is_taken_from_disk_if_the_user_says_so(runner, tmp_path):
    """The retake of window 0 too, and window 1, which is found by what the retake stands for."""
    said, made = queued(runner, tmp_path, "finished", MADE_BY | {"comfyui": "9.9.9"}, after_update="use finished windows")
    assert made == []
    used = "windows 0 to 1, 4 were made with another ComfyUI and are used; this is ComfyUI 9.9.9"
    assert said == f"5 of 5 from disk\n{used}\n{LAST_PROMPT}"


@pytest.mark.parametrize("versions", [MADE_BY, {"comfyui": "9.9.9"}, {"audio-loop": "9.9.9"}])
def test_of_an_unfinished_run_only_the_missing_windows_are_made_whatever_the_versions(runner, tmp_path, versions):
    said, made = queued(runner, tmp_path, "unfinished", MADE_BY | versions)
    assert made == ["3", "4"]
    assert said.startswith("3 of 5 from disk, 2 made")
    assert said.count("windows 0 to 2 were made with another ") == (versions != MADE_BY)
    said, made = queued(runner, tmp_path, "unfinished", MADE_BY | versions)
    assert made == []
    assert said.startswith("5 of 5 from disk")
