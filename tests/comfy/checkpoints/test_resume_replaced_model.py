"""A checkpoint file is replaced under its name while a real ComfyUI runs that has it in memory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.torch import save_file

from audio_loop.comfy_host.session import ComfySession
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import without_checkpoints
from .resume.evidence import frames, kept, render, sampled

TEST_NODES = Path(__file__).resolve().parents[1] / "test_nodes"
SONG_SECONDS = 1.3
"""At a window of 1 s and a stride of 0.64 s: the initial render and one iteration."""
EVERY = [0, 1]
OLD_NS = 10**18


@pytest.fixture
def models(tiny_models, tmp_path):
    """Models of this test's own, and beside the checkpoint another one of the same length and date."""
    own = tmp_path / "models"
    shutil.copytree(tiny_models, own)
    checkpoint = own / "checkpoints" / CHECKPOINT_NAME
    with safe_open(checkpoint, "pt") as file:
        weights = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  a safe_open is no mapping
        metadata = file.metadata()
    other = {key: value * 1.01 if value.is_floating_point() else value for key, value in weights.items()}
    save_file(other, own / "new", metadata)
    for path in (checkpoint, own / "new"):
        os.utime(path, ns=(OLD_NS, OLD_NS))
    assert checkpoint.stat().st_size == (own / "new").stat().st_size
    return own


def test_no_window_speaks_for_weights_that_it_was_not_made_with(models, tmp_path):
    base = tmp_path / "base"
    checkpoint = models / "checkpoints" / CHECKPOINT_NAME

    def start():
        session = ComfySession(tiny_server(base, models, custom_nodes={"audio-loop-tests": TEST_NODES}))
        write_song(base / "input" / "song.wav", SONG_SECONDS)
        write_picture(base / "input" / "face.png")
        return session

    def run(session, prompt):
        result = session.run(prompt, timeout=300)
        (video,) = [file for file in result.files("1604") if file.filename.endswith(".mp4")]
        return frames(session.path_of(video)), sampled(base)

    with start() as session:
        # The old weights come into memory without any checkpoint being asked.
        old, _ = run(session, without_checkpoints(render()))
        shutil.copy2(models / "new", models / "arriving")
        (models / "arriving").replace(checkpoint)
        mixed, made = run(session, render())
        # ComfyUI goes on with what it has, the initial render's latent too, and says nothing about it; we do.
        assert made == EVERY[1:]
        assert mixed == old
        assert f"{CHECKPOINT_NAME} was replaced while ComfyUI was running" in session.server.log_text()
    with start() as session:
        new, made = run(session, render())
        assert made == EVERY
        assert run(session, without_checkpoints(render()))[0] == new != old
        # It is kept now, for good.
        assert run(session, render(n1604_crf=30))[1] == []
    assert len(kept(base)) == len(EVERY)
