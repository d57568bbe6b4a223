"""The least that the harness can sweep: a picture that stays, with a song, by ComfyUI's own nodes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song

EXPERIMENT = """
name = "smallest sweep"
repeats = {repeats}
[[arms]]
name = "{one} frames"
settings = {{ "RepeatImageBatch.amount" = {one} }}
[[arms]]
name = "{other} frames"
settings = {{ "RepeatImageBatch.amount" = {other} }}
"""


def _node(class_type, **inputs):
    return {"class_type": class_type, "inputs": inputs}


WORKFLOW = {
    "1": _node("LoadImage", image="x"),
    "2": _node("ImageScale", image=["1", 0], upscale_method="nearest-exact", width=64, height=64, crop="disabled"),
    "3": _node("RepeatImageBatch", image=["2", 0], amount=1),
    "4": _node("LoadAudio", audio="x"),
    "5": _node("CreateVideo", images=["3", 0], audio=["4", 0], fps=25.0),
    "6": _node("SaveVideo", video=["5", 0], filename_prefix="x", format="mp4", **{"format.codec": "h264"}),
}


def write_sweep(folder: Path, repeats: int, frames: tuple[int, int]) -> None:
    """A fixture and an experiment of two arms in a folder."""
    write_song(folder / "song.wav", 1.0)
    write_picture(folder / "picture.png")
    document = {"name": "smallest", "audio": "song.wav", "image": "picture.png", "workflow": "workflow.json"}
    (folder / "fixture.json").write_text(json.dumps(document), "utf-8")
    (folder / "workflow.json").write_text(json.dumps(WORKFLOW), "utf-8")
    text = EXPERIMENT.format(repeats=repeats, one=frames[0], other=frames[1])
    (folder / "experiment.toml").write_text(text, "utf-8")


def begin_sweep(folder: Path, *urls: str) -> subprocess.Popen[str]:
    """The harness as a process of its own, once it has begun to work."""
    command = [sys.executable, str(REPOSITORY / "scripts" / "autoresearch.py"), "sweep", str(folder / "experiment.toml")]
    command += ["--fixture", str(folder / "fixture.json"), "--data", str(folder / "data"), "--servers", ",".join(urls)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMFYUI_OUTPUT")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    first = process.stdout.readline()
    assert "runs, " in first, first + process.stdout.read()
    return process
