"""Songs on two ComfyUI servers by real Ray, one of them killed while it works: every song has its video all the same."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time

import av
import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo import workflow_patch as patch
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.farm.command import WORKFLOW

SECONDS = (7.0, 7.4)
FPS = 25


@pytest.fixture(scope="module")
def farmed(tiny_models, tmp_path_factory):
    """The folder of a farm after a render in which one of two servers was killed, and what the command said."""
    folder = tmp_path_factory.mktemp("farm")
    songs = [write_song(folder / f"song {seconds}.wav", seconds) for seconds in SECONDS]
    for song in songs:
        write_picture(song.with_suffix(".png"))
    finish = patch.Replacement("window of the finish", 3.88, (("#2502", "value"),))
    changes = [*patch.TINY_MODEL, patch.TINY_UPSCALER, finish, *patch.toy_size(128, 128, 4.84)]
    workflow = folder / "workflow.json"
    workflow.write_text(json.dumps(patch.patched(json.loads(WORKFLOW.read_text("utf-8")), changes, patch.STAND_INS)), "utf-8")
    with tiny_server(folder / "a", tiny_models) as first, tiny_server(folder / "b", tiny_models) as second:
        command = [sys.executable, str(REPOSITORY / "scripts" / "farm.py"), *map(str, songs)]
        command += ["--workflow", str(workflow), "--servers", f"{first.url},{second.url}", "--output", str(folder / "out")]
        threading.Thread(target=_kill_when_it_has_a_window, args=(second,), daemon=True).start()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert not second.running, done.stdout + done.stderr
    return folder, done


def _kill_when_it_has_a_window(server) -> None:
    while not list(server.base.glob("output/audio_loop/*/segment_*")):
        time.sleep(0.05)
    server.kill()


def test_every_song_has_its_video(farmed):
    folder, done = farmed
    assert done.returncode == 0, done.stdout + done.stderr
    for seconds in SECONDS:
        with av.open(str(folder / "out" / f"song {seconds}.mp4")) as container:
            assert sum(1 for _ in container.decode(video=0)) == int(seconds * FPS)


def test_the_server_that_went_away_is_named_once(farmed):
    _, done = farmed
    assert done.stderr.count("is not used any more") == 1
