"""Stop after this iteration: asked from the page only, heeded by the loop, and a video is made from what exists."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from audio_loop.comfy_host.events import Executing, ProgressText

from ..shipped import shipped, video_facts, video_of, write_picture, write_song

PATH = "/audio_loop/stop_after_iteration"


def ask(url, method="POST", path=PATH, **headers):
    """Status and answer of a request to the route."""
    headers = {"Content-Type": "application/json", **headers}
    data = b"{}" if method == "POST" else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url + path, data, headers, method=method), timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def reached_from(node_id, prompt):
    """The node and all that feeds it: no other output may ask for the loop."""
    found, waiting = set(), [node_id]
    while waiting:
        found.add(current := waiting.pop())
        links = [value[0] for value in prompt[current]["inputs"].values() if isinstance(value, list)]
        waiting += [source for source in links if source not in found]
    return found


@pytest.fixture
def workflow(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "stop.wav", 8.0))
    picture = comfy.add_input(write_picture(tmp_path / "stop.png"))
    return comfy.with_slow_sampler(shipped(song, picture, n2204_value="stopped", n1527_value=77))


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
    assert [window["index"] for window in run["segments"]] == [0, 1, 2]


def kept(comfy, run):
    manifest = json.loads((comfy.output_folder / "audio_loop" / run / "manifest.json").read_text("utf-8"))
    return [window["index"] for window in manifest["segments"]]


def test_stop_run_and_run_again_finish_the_song(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "again.wav", 8.0))
    picture = comfy.add_input(write_picture(tmp_path / "again.png"))
    workflow = comfy.with_slow_sampler(shipped(song, picture, n2204_value="again", n1527_value=78))
    workflow = comfy.with_counting_sampler(workflow, "stop_run_run.jsonl")

    def stop_at(text):
        answers = []

        def stop(event):
            if isinstance(event, ProgressText) and event.text == text and not answers:
                answers.append(ask(comfy.url))
                assert answers[0][0] == 200

        return stop

    first = comfy.run(workflow, on_event=stop_at("2 / 4"), timeout=300)
    assert (video_facts(video_of(comfy, first))["frames"], kept(comfy, "again")) == (49 + 2 * 40, [0, 1, 2])
    second = comfy.run(workflow, on_event=stop_at("4 / 4"), timeout=300)
    assert (video_facts(video_of(comfy, second))["frames"], kept(comfy, "again")) == (200, [0, 1, 2, 3, 4])
    assert len(comfy.sampler_runs("stop_run_run.jsonl")) == 5
    # Nothing is left to do: ComfyUI has the finished video of the second run.
    assert "1604" in comfy.run(workflow, timeout=300).cached


def test_a_stop_in_the_initial_render_ends_it_after_that_window(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "early.wav", 8.0))
    picture = comfy.add_input(write_picture(tmp_path / "early.png"))
    workflow = comfy.with_slow_sampler(shipped(song, picture, n2204_value="early", n1527_value=79))
    answers = []

    def stop_while_sampling(event):
        if isinstance(event, Executing) and event.node_id == "161" and not answers:
            answers.append(ask(comfy.url))

    result = comfy.run(workflow, on_event=stop_while_sampling, timeout=300)
    assert answers == [(200, {"stopping": [{"node": "1539", "iteration": 0}]})]
    assert (video_facts(video_of(comfy, result))["frames"], kept(comfy, "early")) == (49, [0])
    result = comfy.run(workflow, timeout=300)
    assert (video_facts(video_of(comfy, result))["frames"], kept(comfy, "early")) == (200, [0, 1, 2, 3, 4])


def test_a_stop_that_is_refused_stops_nothing(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "refused.wav", 4.0))
    workflow = shipped(song, comfy.add_input(write_picture(tmp_path / "refused.png")), n1527_value=81)
    # Nothing of the loop is asked for before the answer is there.
    workflow["hold"] = {
        "class_type": "TestHold",
        "inputs": {"value": workflow["1604"]["inputs"]["latent"], "until_file": "stop_was_refused"},
    }
    workflow["1604"]["inputs"]["latent"] = ["hold", 0]
    workflow = {i: workflow[i] for i in reached_from("1604", workflow)}
    answers = []

    def stop_before_the_loop_is_there(event):
        if isinstance(event, Executing) and event.node_id == "hold" and not answers:
            answers.append(ask(comfy.url)[0])
            (comfy.output_folder / "stop_was_refused").touch()

    result = comfy.run(workflow, on_event=stop_before_the_loop_is_there, timeout=300)
    assert (answers, video_facts(video_of(comfy, result))["frames"]) == ([409], 100)


def test_nothing_runs_nothing_stops(comfy):
    assert ask(comfy.url)[0] == 409


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 404),
        ("POST", {"Content-Type": "text/plain"}, 415),
        ("POST", {"Origin": "http://elsewhere.example"}, 403),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        # A proxy that hands on the page's own name as Host, or sets another one, as ComfyUI's own routes allow.
        ("POST", {"Host": "studio.example", "Origin": "https://studio.example"}, 409),
        ("POST", {"Host": "backend.example:8188", "Origin": "https://studio.example"}, 409),
    ],
)
def test_who_may_ask_is_decided_by_comfyui(comfy, method, headers, status):
    assert ask(comfy.url, method, **headers)[0] == status
    if method == "POST" and "Content-Type" not in headers:
        assert (ask(comfy.url, path="/interrupt", **headers)[0] == 403) is (status == 403)


def test_other_pages_may_ask_where_comfyui_was_told_to_allow_them(comfy_with):
    url = comfy_with("--enable-cors-header", "*").url
    assert ask(url, Origin="http://elsewhere.example")[0] == 409
