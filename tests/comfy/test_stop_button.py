"""Stop after this iteration: asked from the page only, heeded by the loop, and a video is made from what exists."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from audio_loop.comfy_host.events import ProgressText

from .shipped import shipped, video_facts, video_of, write_picture, write_song

PATH = "/audio_loop/stop_after_iteration"


def ask(url, method="POST", **headers):
    """Status and answer of a request to the route."""
    headers = {"Content-Type": "application/json", **headers}
    data = b"{}" if method == "POST" else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url + PATH, data, headers, method=method), timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.fixture
def workflow(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "stop.wav", 8.0))
    return shipped(song, comfy.add_input(write_picture(tmp_path / "stop.png")), n2204_value="stopped", n1527_value=77)


def test_the_loop_ends_after_the_iteration_and_the_video_is_made(comfy, workflow):
    answers = []

    def stop_in_the_second(event):
        if isinstance(event, ProgressText) and event.text == "2 / 4" and not answers:
            answers.append(ask(comfy.url))

    result = comfy.run(workflow, on_event=stop_in_the_second, timeout=300)
    assert answers == [(200, {"stopping": [{"node": "1539", "iteration": 2}]})]
    # The window of 49 frames and two strides of 40.
    assert video_facts(video_of(comfy, result))["frames"] == 49 + 2 * 40
    run = json.loads((comfy.output_folder / "audio_loop" / "stopped" / "manifest.json").read_text("utf-8"))
    assert [segment["index"] for segment in run["segments"]] == [0, 1, 2]


def test_nothing_runs_nothing_stops(comfy):
    assert ask(comfy.url)[0] == 409


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 404),
        ("POST", {"Content-Type": "text/plain"}, 415),
        ("POST", {"Origin": "http://elsewhere.example"}, 403),
    ],
)
def test_only_the_page_itself_may_ask(comfy, method, headers, status):
    assert ask(comfy.url, method, **headers)[0] == status
