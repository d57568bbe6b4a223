"""What the demo changes in a workflow, and how it reads the progress of a song."""

from __future__ import annotations

import copy

import pytest

from audio_loop.comfy_host.events import Executing, Progress, ProgressText
from audio_loop.demo import stages
from audio_loop.demo import workflow_patch as patch
from audio_loop.demo.expected_loop import expected_iterations
from audio_loop.demo.song_progress import SongFollower


def node(class_type, **inputs):
    return {"class_type": class_type, "inputs": inputs}


PROMPT = {
    "1": node("CheckpointLoaderSimple", ckpt_name="big.safetensors"),
    "2": node("LTXAVTextEncoderLoader", text_encoder="gemma", ckpt_name="big.safetensors", device="default"),
    "3": node("LoraLoaderModelOnly", model=["1", 0], lora_name="distilled", strength_model=0.5),
    "4": node("EmptyLTXVLatentVideo", width=832, height=["9", 0], length=["688", 0], batch_size=1),
    "9": node("PrimitiveInt", value=448),
    "444": node("LoadImage", image="a.png"),
    "565": node("LoadAudio", audio="a.wav"),
    "567": node("TrimAudioDuration", audio=["565", 0], start_index=0, duration=1e6),
    "688": node("PrimitiveFloat", value=19.88),
    "1560": node("AudioLoopPlanner", window_seconds=["688", 0], overlap_seconds=2.0, fps=25, max_iterations=0),
    "1539": node("TensorLoopOpen", mode="iterations"),
    "843:15": node("SamplerCustomAdvanced"),
    "15": {**node("SamplerCustomAdvanced"), "_meta": {"title": "Initial render"}},
}


def test_model_names_and_the_loader_are_exchanged_and_nothing_else():
    before = copy.deepcopy(PROMPT)
    changed = patch.patched(PROMPT, patch.TINY_MODEL, patch.STAND_INS)
    assert before == PROMPT
    different = {key for key in PROMPT if changed[key] != PROMPT[key]}
    assert different == {"1", "2", "3"}
    assert changed["2"]["class_type"] == "DemoTinyTextEncoderLoader"
    assert changed["2"]["inputs"]["device"] == "default"
    assert changed["3"]["inputs"]["strength_model"] == 0.5


def test_wired_inputs_stay_wired():
    width = patch.Replacement("width", 256, (("EmptyLTXVLatentVideo", "width"),))
    height = patch.Replacement("height", 128, (("EmptyLTXVLatentVideo", "height"), ("#9", "value")))
    changed = patch.patched(PROMPT, [width, height])
    assert changed["4"]["inputs"]["width"] == 256
    assert changed["4"]["inputs"]["height"] == ["9", 0]
    assert changed["9"]["inputs"]["value"] == 128


def test_a_value_without_a_place_is_refused_by_name():
    nowhere = patch.Replacement("upscaler", "x", (("LatentUpscaleModelLoader", "model_name"),))
    with pytest.raises(patch.WorkflowMismatchError, match=r"upscaler.*LatentUpscaleModelLoader\.model_name"):
        patch.patched(PROMPT, [nowhere])


def test_song_picture_and_length_have_their_places():
    changed = patch.patched(PROMPT, [*patch.song_and_picture("f.png", "s.wav"), *patch.length(12.5)])
    assert changed["444"]["inputs"]["image"] == "f.png"
    assert changed["565"]["inputs"]["audio"] == "s.wav"
    assert changed["567"]["inputs"]["duration"] == 12.5


@pytest.mark.parametrize(("seconds", "iterations"), [(180, 9), (184, 10), (10, 0), (20, 1)])
def test_iterations_are_known_before_the_render(seconds, iterations):
    assert expected_iterations(PROMPT, seconds * 44100, 44100) == iterations


def test_a_workflow_without_a_planner_or_with_computed_values_says_nothing():
    assert expected_iterations({"1": node("SaveImage")}, 44100, 44100) is None
    computed = {**PROMPT, "688": node("ComfyMathExpression", value=["9", 0])}
    assert expected_iterations(computed, 44100, 44100) is None


def test_windows_and_steps_of_a_song_add_up():
    follower = SongFollower(PROMPT)
    assert follower.now.total is None
    sampled = []
    for window, node_id in enumerate(("15", "1540.run.1.843:15", "1540.run.2.843:15")):
        follower.read(Executing(node_id, "843"))
        for step in range(1, 9):
            now = follower.read(Progress(node_id, "843", step, 8, "running"))
            sampled.append(now.done)
        if window == 0:
            assert now.stage == "initial render"
            follower.read(ProgressText("1539", "1 / 2"))
            follower.read(Progress("1539", "1539", 0, 2, "running"))
    assert sampled == list(range(1, 25))
    assert (now.total, now.window, now.stage) == (24, 3, "iteration 2 / 2")


def test_what_is_known_before_shows_the_total_from_the_first_step():
    follower = SongFollower(PROMPT, iterations=4)
    follower.read(Executing("15", "15"))
    assert follower.read(Progress("15", "15", 1, 8, "running")).total == 40


def test_a_frame_count_is_no_number_of_iterations():
    follower = SongFollower(PROMPT)
    assert follower.read(ProgressText("1539", "81 / 497 frames")).iterations is None
    assert follower.read(ProgressText("567", "1 / 2")).iterations is None


TWO_STAGES = {
    **PROMPT,
    "1559": node("AudioLoopPrompts", schedule="0:00: she sings"),
    "2505": node("AudioLoopPlanner", window_seconds=8.0, overlap_seconds=1.0, fps=25, max_iterations=0, schedule=""),
    "1560": {**PROMPT["1560"], "inputs": {**PROMPT["1560"]["inputs"], "schedule": ["1559", 0]}},
    "1605": node("LatentConcat", samples1=["15", 0], samples2=["843:15", 0]),
    "2512": node("LoopDraftEnlarge", draft=["1605", 0]),
    "2513": node("TensorLoopOpen", mode="iterations", initial_value=["2512", 0]),
    "2517:2525": node("SamplerCustomAdvanced", latent_image=["2513", 1]),
    "2500": node("AudioLoopStages", stage="draft", draft=["1605", 0], finished=["2517:2525", 0]),
}


def test_a_finish_counts_its_windows_from_one_and_tells_those_of_the_draft_apart():
    follower = SongFollower(TWO_STAGES)
    follower.read(Executing("15", "15"))
    follower.read(Executing("1539.run.1.843:15", "843"))
    for window in range(1, 4):
        follower.read(ProgressText("2513", f"{window} / 3"))
        follower.read(Executing(f"2514.run.{window}.2517:2525", "2517"))
        now = follower.read(Progress(f"2514.run.{window}.2517:2525", "2517", 1, 3, "running"))
        assert (now.stage, now.total, now.done) == (f"iteration {window} / 3", 9, 3 * (window - 1) + 1)
    assert stages.windows_sampled(TWO_STAGES, follower.sampled) == {"draft": 2, "finish": 3}


def test_the_draft_comes_first_and_its_planner_says_how_long_it_takes():
    assert stages.stages_of(TWO_STAGES) == ("draft", "finish")
    assert stages.stages_of(PROMPT) == ()
    finish = stages.for_stage(TWO_STAGES, "finish")
    assert (finish["2500"]["inputs"]["stage"], TWO_STAGES["2500"]["inputs"]["stage"]) == ("finish", "draft")
    assert expected_iterations(TWO_STAGES, 180 * 44100, 44100) == 9
    assert stages.windows_sampled(PROMPT, {"15": 1, "843:15": 4}) == {"draft": 5, "finish": 0}
