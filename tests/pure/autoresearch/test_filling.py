from __future__ import annotations

import copy
import json

import pytest

from audio_loop.autoresearch.errors import HarnessError
from audio_loop.autoresearch.filling import WORKFLOW, WORKFLOWS, Filling, filled, read_prompt, traced
from audio_loop.autoresearch.settings import apply_settings, shorten

RUN = Filling("r1", "song.wav", "face.png", {"seed": 7, "schedule": "0:00 he sings", "overlap_seconds": 3.0}, 1)


@pytest.fixture(scope="module")
def shipped():
    return read_prompt(WORKFLOW)


def inputs_of(prompt, class_type):
    return [node["inputs"] for node in prompt.values() if node["class_type"] == class_type]


def test_a_run_goes_into_a_copy_and_the_workflow_stays(shipped):
    before = copy.deepcopy(shipped)
    prompt = filled(shipped, RUN)
    assert shipped == before == json.loads(WORKFLOW.read_text("utf-8"))
    assert inputs_of(prompt, "LoadAudio")[0]["audio"] == "song.wav"
    assert inputs_of(prompt, "LoadImage")[0]["image"] == "face.png"
    assert inputs_of(prompt, "AudioLoopPrompts")[0]["schedule"] == "0:00 he sings"
    assert {each["filename_prefix"] for each in inputs_of(prompt, "StreamingVideoSave")} == {"LTX-2_r1"}
    assert {each["max_iterations"] for each in inputs_of(prompt, "AudioLoopPlanner")} == {1}
    # Constants that feed several nodes hold the values.
    assert (prompt["1527"]["inputs"]["value"], prompt["2013"]["inputs"]["value"]) == (7, 3.0)
    assert prompt["2203"]["inputs"]["value"] is False, "no window of another run is taken over"
    assert prompt["2503"] == shipped["2503"], "the second stage has an overlap of its own"


LOOPS = [path for path in sorted(WORKFLOWS.glob("audio-loop-music-video*.json")) if "retake" not in path.stem]


@pytest.mark.parametrize("path", LOOPS, ids=lambda path: path.stem)
def test_every_shipped_loop_takes_seed_overlap_and_tier(path):
    prompt = read_prompt(path)
    changed = shorten(apply_settings(prompt, {"seed": 9, "overlap_seconds": 1.0}), 3)
    assert json.dumps(changed) != json.dumps(prompt)
    assert {each["max_iterations"] for each in inputs_of(changed, "AudioLoopPlanner")} == {3}


def test_a_classic_loop_is_shortened_at_its_open(shipped):
    classic = {
        "1": {"class_type": "TensorLoopOpen", "inputs": {"mode.iterations": 50}},
        "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 1}},
    }
    changed = apply_settings(shorten(classic, 2), {"seed": 5})
    assert changed["1"]["inputs"] == {"mode.iterations": 50, "iterations_in": 2}
    assert changed["2"]["inputs"] == {"noise_seed": 5}
    assert "iterations_in" not in classic["1"]["inputs"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sed": 1}, "there is no setting 'sed'.*seed"),
        ({"KSampler.cfg": 1}, "no node KSampler"),
        ({"#7.value": 1}, "no node #7"),
        ({"decode_tiles": "512, 64"}, "temporal_overlap"),
        ({"guidance": False}, "no guidance to take out"),
        ({"RandomNoise.noise_seed": ["1", 0], "#843:574.noise_seed": 3}, "put a constant"),
    ],
)
def test_a_setting_without_a_place_is_refused(shipped, settings, said):
    with pytest.raises(HarnessError, match=f"(?s){said}"):
        apply_settings(shipped, settings)


def test_no_loop_has_no_tiers_and_no_video_is_no_run(shipped):
    with pytest.raises(HarnessError, match="no tiers"):
        shorten({"1": {"class_type": "LoadImage", "inputs": {}}}, 1)
    with pytest.raises(HarnessError, match="1 or more"):
        shorten(shipped, 0)
    silent = {node_id: node for node_id, node in shipped.items() if node["class_type"] != "StreamingVideoSave"}
    with pytest.raises(HarnessError, match="saves no video"):
        filled(silent, RUN)


def test_tiles_are_decoded_by_the_core_decoder_and_cut_to_the_song(shipped):
    prompt = apply_settings(shipped, {"decode_tiles": "512, 64, 64, 8"})
    assert not inputs_of(prompt, "StreamingVideoSave")
    for saver in ("1604", "2504"):
        assert prompt[saver]["class_type"] == "SaveVideo"
        assert prompt[f"{saver}_decode"]["inputs"]["temporal_size"] == 64
        assert prompt[f"{saver}_decode"]["inputs"]["samples"] == shipped[saver]["inputs"]["latent"]
        assert prompt[f"{saver}_frames"]["inputs"]["length"] == ["1560", 7]
        assert prompt[f"{saver}_video"]["inputs"]["images"] == [f"{saver}_frames", 0]
    again = apply_settings(prompt, {"decode_tiles": [512, 64, 2048, 128]})
    assert {each["temporal_size"] for each in inputs_of(again, "VAEDecodeTiled")} == {2048}


def test_guidance_is_taken_out_with_the_model_wired_past_it():
    prompt = read_prompt(WORKFLOWS / "audio-loop-music-video_latent_stg.json")
    assert prompt["153"]["inputs"]["model"] == ["2301", 0]
    changed = apply_settings(prompt, {"guidance": False})
    assert "2301" not in changed
    assert [each["model"] for each in inputs_of(changed, "CFGGuider")] == [["268", 0]] * 2
    assert apply_settings(prompt, {"guidance": True}) == prompt


def test_a_trace_stamps_the_model_of_each_guider_with_its_loops_iteration(shipped):
    prompt = traced(shipped, "r1")
    stamps = {node_id: node["inputs"] for node_id, node in prompt.items() if node["class_type"] == "LoopIterationStamp"}
    assert {node_id: each["current_iteration"] for node_id, each in stamps.items()} == {
        "153_trace": 0,
        "843:644_trace": ["1539", 3],
        "2517:2523_trace": ["2513", 3],
    }
    assert {each["run_name"] for each in stamps.values()} == {"LTX-2_r1"}
    assert prompt["153"]["inputs"]["model"] == ["153_trace", 0]


@pytest.mark.parametrize(
    ("text", "said"), [('{"nodes": []}', r"Export \(API\)"), ("[]", "not a workflow"), ("{", "cannot be read"), ("{}", "not a")]
)
def test_what_is_no_workflow_in_api_form_is_refused(tmp_path, text, said):
    path = tmp_path / "w.json"
    path.write_text(text, "utf-8")
    with pytest.raises(HarnessError, match=said):
        read_prompt(path)
