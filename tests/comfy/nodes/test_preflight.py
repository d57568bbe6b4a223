"""The check inside a running ComfyUI: by its route, which queues nothing, and by its node, which samples nothing."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from ..shipped import shipped, write_picture, write_song

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
