"""The check inside a running ComfyUI: by its route, which queues nothing, and by its node, which samples nothing."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import av
import numpy as np
import pytest

from audio_loop.demo.song import write_song

from ..shipped import shipped, write_picture
from ..shipped import write_song as write_tone

PATH = "/audio_loop/preflight"


def ask(url, body, method="POST", **headers):
    """Status and answer of a request to the route."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url + PATH, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def prompt(comfy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("preflight")
    song = comfy.add_input(write_song(folder / "preflight.wav", 8.0))
    picture = comfy.add_input(write_picture(folder / "preflight.png"))
    return shipped(song, picture)


def changed(prompt, node, **inputs):
    return prompt | {node: {**prompt[node], "inputs": prompt[node]["inputs"] | inputs}}


def test_the_route_plans_what_would_run(comfy, prompt):
    status, found = ask(comfy.url, {"prompt": prompt})
    assert status == 200
    assert (found["ok"], found["errors"]) == (True, 0), found["findings"]
    assert found["plan"]["song_seconds"] == 8.0
    assert len(found["plan"]["windows"]) == 5
    assert found["disk"]["needed_bytes"] > 0
    assert found["disk"]["free_bytes"] > 0
    assert [row["seen_seconds"] for row in found["prompts"]] == [0.0]
    assert found["not_looked_at"] == []


def test_the_route_names_nodes_of_subgraphs_and_missing_files(comfy, prompt):
    broken = changed(changed(prompt, "565", audio="../secret.wav"), "843:644", cfg=4.0)
    broken = changed(broken, "414", ckpt_name="missing.safetensors")
    _, found = ask(comfy.url, {"prompt": broken})
    told = {(each["rule"], each["node"]) for each in found["findings"]}
    assert told >= {("files_there", "565"), ("files_there", "414"), ("cfg_value", "843:644")} - _of_full_model(prompt)
    assert found["plan"] is None


def _of_full_model(prompt):
    """The rule of cfg is one of the distilled model only, which the tiny one may not be called."""
    names = json.dumps(prompt).lower()
    return set() if "distil" in names else {("cfg_value", "843:644")}


@pytest.mark.parametrize(
    ("body", "headers", "status", "says"),
    [
        (b"{", {}, 400, "the request"),
        ({}, {}, 400, "API prompt"),
        ({"prompt": {}}, {}, 400, "API prompt"),
        ({"prompt": {"1": 2}}, {}, 400, "API prompt"),
        ({"prompt": {"nodes": []}}, {}, 400, "API prompt"),
        ({"prompt": {"1": {"class_type": "LoadAudio", "inputs": []}}}, {}, 200, "no inputs"),
        ({"prompt": {}}, {"Content-Type": "text/plain"}, 415, "application/json"),
        (b'{"prompt": "' + b"x" * (9 << 20) + b'"}', {}, 413, "larger"),
        ({"prompt": {}}, {"Origin": "http://elsewhere.example", "Host": "127.0.0.1:1"}, 403, ""),
    ],
)
def test_anything_else_is_refused(comfy, body, headers, status, says):
    answered, answer = ask(comfy.url, body, **headers)
    assert answered == status, answer
    assert says in json.dumps(answer)


def test_a_playlist_does_not_lead_out_of_the_folders(comfy, prompt):
    secret = comfy.input_folder.parent / "secret.mp3"
    with av.open(str(secret), "w") as container:
        stream = container.add_stream("libmp3lame", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 96_000), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 48_000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:3", "#EXTINF:3,", "../secret.mp3", "#EXT-X-ENDLIST", ""]
    playlist = comfy.input_folder / "leads_out.m3u8"
    playlist.write_text("\n".join(lines))
    status, found = ask(comfy.url, {"prompt": changed(prompt, "565", audio="leads_out.m3u8")})
    assert (status, found["plan"]) == (200, None)
    assert str(comfy.input_folder.parent) not in json.dumps(found["findings"])


def test_a_schedule_of_endless_lines_is_refused_and_a_long_one_answered_soon(comfy, prompt):
    endless = changed(prompt, "1559", schedule="0:00+: a\n" * 700_000)
    status, said = ask(comfy.url, {"prompt": endless})
    assert status == 400
    assert "schedule of node 1559 has more than 10000 lines" in said
    begun = time.monotonic()
    long = "\n".join(f"{index * 0.0005:.4f}+: a" for index in range(9_000))
    assert ask(comfy.url, {"prompt": changed(prompt, "1559", schedule=long)})[0] == 200
    assert time.monotonic() - begun < 20


def test_a_crowd_is_answered_or_sent_away_and_nobody_else_waits(comfy, prompt):
    body = json.dumps({"prompt": prompt}).encode()
    with ThreadPoolExecutor(64) as pool:
        crowd = [pool.submit(ask, comfy.url, body) for _ in range(200)]
        slowest = 0.0
        while not all(each.done() for each in crowd):
            begun = time.monotonic()
            with urllib.request.urlopen(f"{comfy.url}/audio_loop/state", timeout=30) as answer:
                answer.read()
            slowest = max(slowest, time.monotonic() - begun)
    statuses = [each.result()[0] for each in crowd]
    assert set(statuses) == {200, 429}
    assert slowest < 3


def test_only_post_is_answered(comfy):
    assert ask(comfy.url, b"", method="GET")[0] in (404, 405)


def test_the_node_reports_without_sampling(comfy, prompt):
    check = {
        "class_type": "LoopPreflight",
        "inputs": {
            "plan": ["1560", 5],
            "width": ["1634", 0],
            "height": ["1634", 1],
            "length": ["1560", 6],
            "schedule": ["1559", 0],
            "latents": ["344", 0],
            "model": ["414", 0],
        },
    }
    found = _checked(comfy, prompt | {"9000": check})
    assert found.startswith("OK: nothing found\n"), found
    assert "Plan: song 0:08.00, 5 windows" in found

    check["inputs"]["length"] = 40
    found = _checked(comfy, prompt | {"9000": check})
    assert found.startswith("2 errors\n"), found
    assert "the latent has 7 time steps, a length of 40 frames has 5" in found
    assert "length is 40, not 8k + 1; the nearest are 33 and 41" in found


def _checked(comfy, prompt):
    """The report of the node, queued with nothing but what feeds it: no sampler is among that."""
    needed, waiting = {}, ["9000"]
    while waiting:
        current = waiting.pop()
        needed[current] = prompt[current]
        waiting += [value[0] for value in prompt[current]["inputs"].values() if isinstance(value, list)]
    return comfy.run(needed).outputs["9000"]["text"][0]


SINGER = "0:00-0:02.8: a face is singing\n0:02.8+: a face is {}"


def test_windows_on_disk_are_told_before_run_as_a_render_takes_them(comfy, prompt, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "foreseen.wav", 4.0))
    prompt = changed(prompt, "565", audio=song)
    prompt = changed(prompt, "1559", schedule=SINGER.format("dancing"))

    def told(asked):
        status, found = ask(comfy.url, {"prompt": asked})
        assert status == 200
        assert found["disk"]["needed_bytes"] > 0 or len(found["on_disk"]) == len(found["plan"]["windows"])
        return found["on_disk"], found["expect"]

    assert told(prompt)[0] == []
    comfy.run(prompt)
    there, expect = told(prompt)
    assert there == [0, 1, 2]
    assert expect[0].startswith("windows: 3 of 3 are on disk")
    assert expect[1].startswith("time: no window is sampled")

    for edit, (change, windows) in {
        "another late prompt": (("1559", {"schedule": SINGER.format("weeping")}), [0, 1]),
        "an early one": (("1559", {"schedule": SINGER.format("dancing").replace("singing", "weeping")}), []),
        "a seed": (("1527", {"value": 7}), []),
        "the seed of one": (("1560", {"seed_overrides": "1: +3"}), [0]),
        "a setting of the loop": (("1269", {"value": 0.5}), [0]),
        "a setting of all": (("154", {"sampler_name": "heun"}), []),
        "a size": (("1634", {"width": 96}), []),
        "another song": (("565", {"audio": comfy.add_input(write_tone(tmp_path / "other.wav", 4.0, hz=330))}), []),
        "a longer last window": (("1560", {"last_window": "full"}), [0, 1]),
        "another file of the video": (("1604", {"filename_prefix": "video/another"}), [0, 1, 2]),
        "a run of another name": (("2204", {"value": "a run that is not there"}), []),
        "a locked window": (("2202", {"locked": "2"}), [0, 1, 2]),
    }.items():
        node, inputs = change
        assert (edit, told(changed(prompt, node, **inputs))[0]) == (edit, windows)

    weeping = changed(prompt, "1559", schedule=SINGER.format("weeping"))
    locked = changed(weeping, "2202", locked="2")
    assert told(locked)[0] == [0, 1, 2]
    assert "2 of 3 from disk, 1 made" in json.dumps(comfy.run(weeping).outputs)
    assert told(weeping)[0] == told(prompt)[0] == [0, 1, 2]
