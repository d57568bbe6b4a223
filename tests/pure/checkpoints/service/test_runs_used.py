"""The run of a finished video: that of its first stage, as its checkpoints asked for it."""

from __future__ import annotations

import json

import pytest

from audio_loop.checkpoints.service import runs_used
from audio_loop.comfy_host.environment import REPOSITORY


def shipped(name):
    return json.loads((REPOSITORY / "example_workflows" / "api" / f"{name}.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def used(monkeypatch):
    monkeypatch.setattr(runs_used, "_used", {})


def checkpoints(prompt):
    return [node_id for node_id, node in prompt.items() if node["class_type"] == "IterationCheckpoint"]


def test_a_video_is_of_the_run_that_its_checkpoint_asked_for_last():
    prompt = shipped("audio-loop-music-video_latent")
    assert runs_used.run_of_video(prompt, "1604") == ""
    for run in ("first", "second"):
        for node_id in checkpoints(prompt):
            runs_used.note_run(node_id, run)
    assert runs_used.run_of_video(prompt, "1604") == "second"


def test_of_two_stages_a_part_is_made_again_in_the_draft():
    prompt = shipped("audio-loop-music-video")
    for node_id in checkpoints(prompt):
        runs_used.note_run(node_id, "finish" if node_id.startswith(("251", "2406")) else "draft")
    assert runs_used.run_of_video(prompt, "2504") == runs_used.run_of_video(prompt, "1604") == "draft"


def test_a_graph_without_checkpoints_has_no_run():
    assert runs_used.run_of_video({"1": {"class_type": "StreamingVideoSave", "inputs": {}}}, "1") == ""


def test_old_ones_are_forgotten(monkeypatch):
    monkeypatch.setattr(runs_used, "MOST_REMEMBERED", 2)
    for number in range(4):
        runs_used.note_run(str(number), f"run {number}")
    assert runs_used._used == {"2": "run 2", "3": "run 3"}
