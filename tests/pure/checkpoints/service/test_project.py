"""Which graphs share a run: edits of one project do, other songs, pictures and loops do not."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from audio_loop.checkpoints.runs.run_name import run_identity
from audio_loop.checkpoints.service.project import earlier_stages, named_run, project_parts, root_of
from audio_loop.comfy_host.environment import REPOSITORY

API = REPOSITORY / "example_workflows" / "api"
LOOPS = sorted(path.stem for path in API.glob("*.json") if '"2202"' in path.read_text("utf-8"))
"""Workflows with a checkpoint of the initial render, 2201, and one of the loop, 2202."""
FILES = {("LoadAudio", "audio"), ("LoadImage", "image")}
CONTENTS: dict[str, bytes] = {}


def file_of(class_type, name, value):
    return Path(str(value)) if (class_type, name) in FILES else None


def content(path):
    if path.name == "gone":
        raise FileNotFoundError(path)
    return CONTENTS.get(path.name, path.name.encode())


def shipped(name="audio-loop-music-video_latent"):
    return json.loads((API / f"{name}.json").read_text("utf-8"))


def run(prompt, node_id="2202"):
    return run_identity(project_parts(prompt, node_id, file_of, content))


def changed(prompt, node_id, **values):
    other = copy.deepcopy(prompt)
    other[node_id]["inputs"].update(values)
    return other


@pytest.mark.parametrize("name", LOOPS)
def test_initial_render_and_loop_share_a_run(name):
    prompt = shipped(name)
    assert root_of(prompt, "2202") == root_of(prompt, "2201") == "2201"
    assert run(prompt, "2201") == run(prompt, "2202")


def test_a_loop_that_makes_all_windows_itself_is_the_first_stage_of_its_own_run():
    prompt = shipped("audio-loop-music-video_anchors")
    (kept,) = (node_id for node_id, node in prompt.items() if node["class_type"] == "IterationCheckpoint")
    assert root_of(prompt, kept) == kept
    assert earlier_stages(prompt, kept) == ()
    assert named_run(prompt, kept, "mine") == "mine"


def test_the_default_workflow_keeps_draft_and_finish_apart():
    prompt = shipped("audio-loop-music-video")
    first, draft, finish = (each for each in prompt if prompt[each]["class_type"] == "IterationCheckpoint")
    assert [len(earlier_stages(prompt, each)) for each in (first, draft, finish)] == [0, 0, 1]
    assert run(prompt, first) == run(prompt, draft) != run(prompt, finish)
    assert [named_run(prompt, each, "mine") for each in (first, draft, finish)] == ["mine", "mine", "mine finish"]


def test_an_edit_stays_in_its_run():
    prompt = shipped()
    texts = [
        (node_id, name, value)
        for node_id, node in prompt.items()
        for name, value in node["inputs"].items()
        if not isinstance(value, list) and (node["class_type"], name) not in FILES
    ]
    song = {"565", "567"}
    song |= {prompt["1560"]["inputs"]["audio"][0]}
    same = other = 0
    for node_id, name, value in texts:
        edited = changed(prompt, node_id, **{name: "edited" if isinstance(value, str) else 3})
        if run(edited) == run(prompt):
            same += 1
        else:
            other += 1
            assert node_id in song or prompt[node_id]["class_type"] in ("TrimAudioDuration", "PrimitiveFloat"), node_id
    assert same > 60
    assert other <= 6


def test_another_picture_or_song_has_a_run_of_its_own_and_another_name_for_it_has_not():
    prompt = shipped()
    CONTENTS.update({"same picture.png": b"face.png", "face.png": b"face.png", "same song.wav": b"song.mp3"})
    prompt["444"]["inputs"]["image"] = "face.png"
    assert run(changed(prompt, "444", image="other.png")) != run(prompt)
    assert run(changed(prompt, "565", audio="other.mp3")) != run(prompt)
    assert run(changed(prompt, "444", image="same picture.png")) == run(prompt)
    assert run(changed(prompt, "565", audio="same song.wav")) == run(prompt)
    assert run(changed(prompt, "444", image="gone")) != run(prompt)


def test_two_equally_long_songs_that_no_file_holds_have_runs_of_their_own():
    prompt = shipped()
    prompt["565"] = {"class_type": "TestTone", "inputs": {"hz": 220, "seconds": 60.0}}
    assert run(changed(prompt, "565", hz=440)) != run(prompt)


def with_second_loop(prompt, *, shares_initial_render):
    """The graph with its loop copied, ids above all others."""
    both = copy.deepcopy(prompt)
    own = {"1539", "1540", "2202", *(node_id for node_id in prompt if node_id.startswith("843:"))}
    if not shares_initial_render:
        own.add("2201")
    for node_id in own:
        node = copy.deepcopy(prompt[node_id])
        for name, value in node["inputs"].items():
            if isinstance(value, list) and value[0] in own:
                node["inputs"][name] = [f"9{value[0]}", value[1]]
        both[f"9{node_id}"] = node
    return both


@pytest.mark.parametrize("shares_initial_render", [True, False])
def test_two_loops_in_one_graph_keep_apart_and_the_first_one_keeps_its_run(shares_initial_render):
    prompt = shipped()
    both = with_second_loop(prompt, shares_initial_render=shares_initial_render)
    assert run(both, "2201") == run(both, "2202") == run(prompt)
    assert run(both, "92202") != run(both, "2202")
    if not shares_initial_render:
        assert run(both, "92201") == run(both, "92202")
    reordered = dict(sorted(both.items(), reverse=True))
    assert run(reordered, "92202") == run(both, "92202")


def test_a_loop_that_goes_on_from_another_keeps_apart():
    prompt = shipped()
    both = with_second_loop(prompt, shares_initial_render=True)
    both["91539"]["inputs"]["initial_value"] = ["1540", 0]
    assert run(both, "92202") != run(both, "2202")
    assert run(both, "2202") == run(prompt)


def test_a_graph_without_an_initial_checkpoint_or_with_missing_nodes_has_a_run():
    prompt = shipped()
    alone = changed(prompt, "1539", initial_value=prompt["2201"]["inputs"]["latent"])
    del alone["2201"]
    for node in alone.values():
        for name, value in node["inputs"].items():
            if value == ["2201", 0]:
                node["inputs"][name] = ["1606", 0]
    assert root_of(alone, "2202") == "2202"
    assert len(run(alone)) == 64
    broken = changed(prompt, "2202", plan=["no such node", 0], previous_latent=["no such node", 0])
    assert len(run(broken)) == 64
    loop = changed(prompt, "2201", previous_latent=["2202", 0])
    assert len(run(loop)) == 64


def with_second_stage(prompt, *, plan="9plan", **checkpoint):
    """The graph with a loop on a canvas that starts from what its own loop has made."""
    both = copy.deepcopy(prompt)
    both["9plan"] = {"class_type": "AudioLoopPlanner", "inputs": {**prompt["1560"]["inputs"], "window_seconds": 8}}
    both["9open"] = {"class_type": "TensorLoopOpen", "inputs": {"initial_value": ["9large", 0]}}
    both["9large"] = {"class_type": "LoopDraftEnlarge", "inputs": {"draft": ["1540", 0], "plan": [plan, 5]}}
    both["9cut"] = {"class_type": "LoopWindowOfCanvas", "inputs": {"canvas": ["9open", 1], "plan": [plan, 5]}}
    told = {"previous_latent": ["9cut", 0], "current_iteration": ["9cut", 2], "plan": [plan, 5], "run_name": ""}
    both["9kept"] = {"class_type": "IterationCheckpoint", "inputs": {"latent": ["9cut", 0], **told, **checkpoint}}
    return both


@pytest.mark.parametrize("plan", ["9plan", "1560"])
def test_a_second_stage_has_a_run_of_its_own_and_the_first_one_keeps_its_run(plan):
    prompt = shipped()
    both = with_second_stage(prompt, plan=plan)
    assert run(both, "2201") == run(both, "2202") == run(prompt)
    assert run(both, "9kept") != run(prompt)
    assert root_of(both, "9kept") == "2201"
    assert earlier_stages(both, "2202") == earlier_stages(both, "2201") == ()
    assert len(earlier_stages(both, "9kept")) == 1
    # A picture of its own for the second stage, its prompts and its seeds leave it in its run.
    assert run(with_second_stage(changed(prompt, "2013", value=7), plan=plan), "9kept") == run(both, "9kept")


@pytest.mark.parametrize(
    ("first", "second", "folder"),
    [
        ("mine", "mine", "mine finish"),
        ("mine", "other", "other"),
        (["name", 0], ["name", 0], "mine finish"),
        (["name", 0], "mine", "mine finish"),
        (" mine ", "mine", "mine finish"),
        ("", "mine", "mine"),
    ],
)
def test_a_second_stage_under_the_name_of_the_first_has_a_folder_of_its_own(first, second, folder):
    prompt = shipped()
    for node_id in ("2201", "2202"):
        prompt[node_id]["inputs"]["run_name"] = first
    both = with_second_stage(prompt, run_name=second)
    both["name"] = {"class_type": "PrimitiveString", "inputs": {"value": "mine"}}
    assert named_run(both, "9kept", "other" if second == "other" else "mine") == folder
    assert named_run(both, "2202", "mine") == named_run(both, "2201", "mine") == "mine"
