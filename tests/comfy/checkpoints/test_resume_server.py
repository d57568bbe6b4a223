"""The whole ComfyUI process, HTTP server and all, killed with SIGKILL while it renders; started again, it goes on.

`test_resume.py` kills at 20 exact moments in processes that run ComfyUI's executor; here it is `main.py` as a user starts
it. A few kills by default, because every one costs a start of ComfyUI; `AUDIO_LOOP_SERVER_KILLS=20` asks for more.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from audio_loop.comfy_host.errors import ServerError
from audio_loop.comfy_host.events import Executing, Progress, ProgressText
from audio_loop.comfy_host.session import ComfySession
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song

from .resume.evidence import SONG_SECONDS, WINDOWS, check_kills, render, result, sampled

TEST_NODES = Path(__file__).resolve().parents[1] / "test_nodes"
KILLS = int(os.environ.get("AUDIO_LOOP_SERVER_KILLS", "2"))
SEED = 20261127
LONGEST_WAIT_SECONDS = 0.15
"""After the chosen message, so that a kill falls between messages too."""


@pytest.fixture(scope="module")
def open_server(tiny_models, tmp_path_factory):
    """`open_server(base)`: a session with a ComfyUI that has the song and the picture."""

    def open_one(base):
        session = ComfySession(tiny_server(base, tiny_models, custom_nodes={"audio-loop-tests": TEST_NODES}))
        write_song(base / "input" / "song.wav", SONG_SECONDS)
        write_picture(base / "input" / "face.png")
        return session

    return open_one


@pytest.fixture(scope="module")
def undisturbed(open_server, tmp_path_factory):
    """Latents, frames and the number of messages of a render that nobody disturbed."""
    base = tmp_path_factory.mktemp("calm")
    messages = []
    with open_server(base) as session:
        session.run(render(), on_event=lambda event: messages.append(event) if is_moment(event) else None, timeout=300)
    assert sampled(base) == list(range(WINDOWS))
    return *result(base), len(messages)


def is_moment(event) -> bool:
    """A node begins, a sampler makes a step, the video grows."""
    return isinstance(event, (Executing, Progress, ProgressText))


def test_a_killed_comfyui_goes_on_where_it_was(open_server, undisturbed, tmp_path):
    latents, pictures, messages = undisturbed
    chance = random.Random(SEED)

    def attempt(base, may_be_killed):
        moment = chance.randrange(1, messages) if may_be_killed else None
        with open_server(base) as session:
            return killed_at(session, moment, chance.uniform(0, LONGEST_WAIT_SECONDS))

    check_kills(KILLS, tmp_path, attempt, latents, pictures)


def killed_at(session, moment, wait_seconds) -> bool:
    """Renders, and kills ComfyUI at that message; whether it came to that."""
    seen = 0

    def listen(event):
        nonlocal seen
        seen += is_moment(event)
        if moment is not None and seen == moment:
            time.sleep(wait_seconds)
            session.server.kill()

    try:
        session.run(render(), on_event=listen, timeout=300)
    except ServerError:
        assert moment is not None
        assert seen >= moment
        return True
    # It may have ended, but for the answer, before the signal came.
    return not session.server.running
