"""A harness that is killed again and again, while a real ComfyUI goes on: no finished run is lost, and none is made twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from audio_loop.autoresearch.rendering import RUN_KEY
from audio_loop.autoresearch.tracker import Tracker
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song

KILLS, REPEATS = 20, 12
LONGEST_SECONDS = 0.6
EXPERIMENT = f"""
name = "killed sweep"
repeats = {REPEATS}
[[arms]]
name = "9 frames"
settings = {{ "RepeatImageBatch.amount" = 9 }}
[[arms]]
name = "17 frames"
settings = {{ "RepeatImageBatch.amount" = 17 }}
"""


def node(class_type, **inputs):
    return {"class_type": class_type, "inputs": inputs}


SMALLEST = {
    "1": node("LoadImage", image="x"),
    "2": node("ImageScale", image=["1", 0], upscale_method="nearest-exact", width=64, height=64, crop="disabled"),
    "3": node("RepeatImageBatch", image=["2", 0], amount=1),
    "4": node("LoadAudio", audio="x"),
    "5": node("CreateVideo", images=["3", 0], audio=["4", 0], fps=25.0),
    "6": node("SaveVideo", video=["5", 0], filename_prefix="x", format="mp4", **{"format.codec": "h264"}),
}
"""The least of a workflow that makes a video of a picture and a song."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    write_song(folder / "song.wav", 1.0)
    write_picture(folder / "picture.png")
    document = {"name": "smallest", "audio": "song.wav", "image": "picture.png", "workflow": "workflow.json"}
    (folder / "fixture.json").write_text(json.dumps(document), "utf-8")
    (folder / "workflow.json").write_text(json.dumps(SMALLEST), "utf-8")
    (folder / "experiment.toml").write_text(EXPERIMENT, "utf-8")
    return folder


def sweep(comfy, folder):
    """The harness as a process of its own, once it has begun to work."""
    command = [sys.executable, str(REPOSITORY / "scripts" / "autoresearch.py"), "sweep", str(folder / "experiment.toml")]
    command += ["--fixture", str(folder / "fixture.json"), "--data", str(folder / "data"), "--servers", comfy.url]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMFYUI_OUTPUT")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    first = process.stdout.readline()
    assert "runs, " in first, first + process.stdout.read()
    return process


def test_killed_at_20_random_points_it_loses_no_finished_run_and_makes_none_twice(comfy, folder):
    tracker, moments, kept = Tracker(folder / "data" / "runs.duckdb"), random.Random(14), frozenset()
    for _ in range(KILLS):
        process = sweep(comfy, folder)
        time.sleep(moments.uniform(0, LONGEST_SECONDS))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        now = tracker.complete()
        assert kept <= now, "a finished run was lost"
        kept = now
    last = sweep(comfy, folder)
    output, _ = last.communicate(timeout=120)
    assert last.returncode == 0, output
    rows = Counter(row.run_id for row in tracker.rows())
    assert len(rows) == 2 * REPEATS
    assert set(rows.values()) == {1}
    made = Counter(
        entry["prompt"][3][RUN_KEY] for entry in comfy.client.get_json("/history").values() if RUN_KEY in entry["prompt"][3]
    )
    assert {run: made[run] for run in rows} == dict.fromkeys(rows, 1), "a run was rendered twice"
    for row in tracker.rows():
        run = folder / "data" / "runs" / row.run_id
        assert {path.name for path in run.iterdir()} == {"fixture.json", "metrics.json", "video.mp4", "workflow.json"}
        assert row.metrics["frames"] == row.settings["settings"]["RepeatImageBatch.amount"]
    assert 0 < len(kept) < 2 * REPEATS, "kills fell while there was work to do"
