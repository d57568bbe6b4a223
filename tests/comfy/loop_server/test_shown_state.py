"""What a render shows stays: in ComfyUI's history, and on a route of the pack for a page that is loaded again."""

from __future__ import annotations

import json
import urllib.request

from audio_loop.comfy_host.events import ProgressText

from ..shipped import shipped, write_picture, write_song

WORKFLOW = {"extra_pnginfo": {"workflow": {"id": "9d0c9e4e-0b6c-4a0e-8f59-6f0d3f1f2a11", "nodes": []}}}
WORKFLOW_ID = WORKFLOW["extra_pnginfo"]["workflow"]["id"]


def state(comfy, workflow_id=WORKFLOW_ID):
    with urllib.request.urlopen(f"{comfy.url}/audio_loop/state?workflow={workflow_id}", timeout=30) as answer:
        return json.loads(answer.read())


def test_what_was_shown_can_be_asked_for_during_the_render_and_after_it(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "shown.wav", 5.0))
    picture = comfy.add_input(write_picture(tmp_path / "shown.png"))
    workflow = comfy.with_slow_sampler(shipped(song, picture, n2204_value="shown", n1527_value=91))
    seen = []

    def look(event):
        if isinstance(event, ProgressText) and event.text == "2 / 2" and not seen:
            seen.append(state(comfy))

    assert state(comfy) == {"running": False, "prompt_id": "", "words": {}, "outputs": [], "progress": None}
    result = comfy.run(workflow, WORKFLOW, on_event=look, timeout=300)
    during = {message["display_node"]: message["output"] for message in seen[0]["outputs"]}
    assert (seen[0]["running"], seen[0]["words"]["1539"]) == (True, "2 / 2")
    progress = seen[0]["progress"]
    assert (progress["node"], progress["windows"], progress["finished"], progress["from_disk"]) == ("1539", 3, 2, 0)
    assert (60 <= progress["percent"] < 90, progress["seconds_left"] > 0, progress["decode_follows"]) == (True, True, True)
    # Plan, timeline and the windows made so far.
    assert "2 iterations" in during["1563"]["text"][0]
    assert len(during["1564"]["images"]) == 1
    # On a server that rendered something else before, a line says why the window is made again.
    assert during["2202"]["text"][0].splitlines()[0] == "0 of 3 from disk, 2 made"
    # And what it shows: the schedule's prompt for it.
    assert during["2202"]["text"][0].splitlines()[-1].startswith("window 1: ")
    assert len(during["2202"]["images"]) == 4
    assert "1604" not in during

    for prompt, workflow_id in ((result.prompt_id, WORKFLOW_ID), ("no-such-prompt", ""), ("x" * 3000, "")):
        with urllib.request.urlopen(f"{comfy.url}/audio_loop/state?prompt={prompt}", timeout=30) as answer:
            assert json.loads(answer.read()) == {"workflow": workflow_id}

    after = state(comfy)
    assert after["prompt_id"] == seen[0]["prompt_id"] == result.prompt_id
    shown = {message["display_node"]: message["output"] for message in after["outputs"]}
    assert (after["running"], after["words"]["1539"], after["progress"]) == (False, "2 / 2", None)
    (saved,) = shown["1604"]["text"]
    (file,) = shown["1604"]["images"]
    path = comfy.output_folder / file["subfolder"] / file["filename"]
    megabytes = f"{path.stat().st_size / 1e6:.1f} MB"
    assert saved.splitlines() == ["125 frames", f"{path.name} in output/video: 0:05.00, 128 x 64, {megabytes}"]
    assert shown["2202"]["text"][0].splitlines()[0] == "0 of 3 from disk, 3 made"
    assert list(result.outputs["1604"]["text"]) == [saved]

    # Nothing runs again, and nothing that is shown goes.
    comfy.run(workflow, WORKFLOW, timeout=300)
    assert state(comfy)["words"] == after["words"]
    again = {message["display_node"]: message["output"] for message in state(comfy)["outputs"]}
    assert {node: again[node]["text"] for node in ("2201", "2202", "1604")} == {
        node: shown[node]["text"] for node in ("2201", "2202", "1604")
    }
    assert state(comfy, "another")["outputs"] == []


def test_a_prompt_from_no_workflow_is_kept_nowhere(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "nowhere.wav", 3.0))
    picture = comfy.add_input(write_picture(tmp_path / "nowhere.png"))
    comfy.run(shipped(song, picture, n2204_value="nowhere", n1527_value=92), timeout=300)
    assert state(comfy, "") == {"running": False, "prompt_id": "", "words": {}, "outputs": [], "progress": None}
