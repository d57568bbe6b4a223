"""Windows on a canvas, a draft enlarged and the switch of the stages, on a real server."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file

from audio_loop.comfy_host.events import Executing
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, UPSCALER_NAME
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.window_made import draft_window

from ..loop_server import test_stop_button as stop_button
from ..shipped import ask, refused, silence

SECONDS = 6.0
WINDOWS = {"draft": (1.96, 0.36, "in turn"), "finish": (1.32, 0.36, "anchors first")}
"""At 25 fps a window of 7 and one of 5 latents, of which two share 2."""
SEED = 40


def plan_of(stage):
    window, overlap, order = WINDOWS[stage]
    return make_plan(
        audio_samples=round(SECONDS * 44100),
        sample_rate=44100,
        window_seconds=window,
        overlap_seconds=overlap,
        fps=25,
        base_seed=SEED,
        order=order,
    )


PLANS = {stage: plan_of(stage) for stage in WINDOWS}


def node(class_type, **inputs):
    return {"class_type": class_type, "inputs": inputs}


def saved(samples, name):
    return node("SaveLatent", samples=samples, filename_prefix=f"latents/{name}")


def planner(stage):
    window, overlap, order = WINDOWS[stage]
    rest = {"fps": 25, "max_iterations": 0, "schedule": "", "last_window": "fit", "base_seed": SEED}
    return node("AudioLoopPlanner", audio=["song", 0], window_seconds=window, overlap_seconds=overlap, order=order, **rest)


def stage_nodes(stage, log, canvas, **more):
    """A loop over a canvas in which windows are painted; its result is `<stage> close`."""
    plan, turn = [f"{stage} plan", 5], [f"{stage} open", 3]
    cut, value = f"{stage} cut", [f"{stage} open", 1]
    nodes = {
        "plan": planner(stage),
        "open": node(
            "TensorLoopOpen",
            **{"mode": "iterations", "mode.iterations": 1},
            initial_value=canvas,
            iterations_in=[f"{stage} plan", 8],
        ),
        "cut": node("LoopWindowOfCanvas", canvas=value, audio_latent=["sound", 0], plan=plan, current_iteration=turn, **more),
        "made": node(
            "TestPaintedWindow",
            video_latent=[cut, 0],
            audio_latent=[cut, 1],
            window=[cut, 2],
            seed_value=[cut, 4],
            draft_window=[cut, 3],
            new_latents=PLANS[stage].new_latents,
            log_name=log,
        ),
        "new": node("LoopWindowNew", latent=[f"{stage} made", 0], plan=plan, current_iteration=turn),
        "write": node("LoopWindowToCanvas", canvas=value, latent=[f"{stage} new", 0], plan=plan, current_iteration=turn),
        "close": node(
            "TensorLoopClose",
            flow_control=[f"{stage} open", 0],
            processed=[f"{stage} write", 0],
            accumulate=False,
            overlap="disabled",
        ),
    }
    return {f"{stage} {name}": each for name, each in nodes.items()}


def two_stages(stage, log="stages.jsonl"):
    frames = {"frames_number": PLANS["draft"].frames_made + 8, "frame_rate": 25, "batch_size": 1}
    return {
        "song": silence(SECONDS),
        "model": node("CheckpointLoaderSimple", ckpt_name=CHECKPOINT_NAME),
        "audio vae": node("LTXVAudioVAELoader", ckpt_name=CHECKPOINT_NAME),
        "sound": node("LTXVEmptyLatentAudio", audio_vae=["audio vae", 0], **frames),
        "size": node("AudioLoopVideoSize", width=128, height=64, multiple_of="64"),
        "empty": node("LoopCanvas", plan=["draft plan", 5], width=["size", 2], height=["size", 3]),
        **stage_nodes("draft", log, ["empty", 0]),
        "upscaler": node("LatentUpscaleModelLoader", model_name=UPSCALER_NAME),
        "enlarged": node(
            "LoopDraftEnlarge",
            draft=["draft close", 0],
            upscale_model=["upscaler", 0],
            vae=["model", 2],
            plan=["finish plan", 5],
        ),
        **stage_nodes("finish", log, ["enlarged", 0], draft_plan=["draft plan", 5]),
        "front": node("AudioLoopStages", stage=stage, draft=["draft close", 0]),
        "behind": node("AudioLoopStages", stage=["front", 2], finished=["finish close", 0]),
        "draft video": saved(["front", 0], "draft"),
        "finished video": saved(["behind", 1], "finished"),
    }


def latents(comfy, result, owner):
    """What `SaveLatent` wrote; None if it did not run."""
    files = result.files(owner)
    return load_file(comfy.path_of(files[0]))["latent_tensor"] if files else None


def painting(height, width):
    places = torch.arange(1, (PLANS["draft"].frames_made - 1) // 8 + 2, dtype=torch.float32)
    return places.view(1, 1, -1, 1, 1).expand(1, 128, -1, height, width)


def test_each_stage_makes_every_latent_once_in_its_order_and_the_switch_asks_for_no_more(comfy):
    drafted = comfy.run(two_stages("draft"))
    assert torch.equal(latents(comfy, drafted, "draft video"), painting(1, 2))
    assert latents(comfy, drafted, "finished video") is None
    runs = comfy.sampler_runs("stages.jsonl")
    assert [run["window"] for run in runs] == list(PLANS["draft"].sequence)
    assert not {"enlarged", "upscaler", "finish plan"} & set(drafted.executed)

    finished = comfy.run(two_stages("finish"))
    assert latents(comfy, finished, "draft video") is None
    assert torch.equal(latents(comfy, finished, "finished video"), painting(2, 4))
    runs = comfy.sampler_runs("stages.jsonl")[len(runs) :]
    plan = PLANS["finish"]
    assert [run["window"] for run in runs] == list(plan.sequence) == [0, 2, 4, 1, 3, 5]
    for run in runs:
        window = plan.nth_window(run["window"])
        before, after = window.context_before_latents, window.context_after_latents
        inside = range(window.window_latents)
        assert run["kept"] == [*inside[:before], *inside[window.window_latents - after :]]
        assert run["audio_latents"] == window.audio_latents[1] - window.audio_latents[0]
        assert run["audio_mask"] == 0.0
        assert run["seed"] == SEED + window.index
        assert run["draft_window"] == draft_window(plan, window.index, PLANS["draft"])


def test_a_stop_in_the_draft_gives_what_there_is_and_finishes_nothing(comfy):
    stopped = "stopped_in_the_draft"
    prompt = two_stages("both", "stopped.jsonl")
    prompt["part"] = node("EmptyLTXVLatentVideo", width=64, height=64, length=33, batch_size=1)
    prompt["held"] = node("TestHold", value=["draft open", 1], until_file=stopped)
    prompt["draft open"]["inputs"].update(initial_value=["part", 0], **{"mode.iterations": 4})
    prompt["draft close"]["inputs"].update(processed=["held", 0], accumulate=True)
    answers = []

    def stop(event):
        if isinstance(event, Executing) and event.node_id.endswith("held") and not answers:
            answers.append(stop_button.ask(comfy.url)[0])
            (comfy.output_folder / stopped).touch()

    result = comfy.run(prompt, on_event=stop)
    assert answers == [200]
    assert latents(comfy, result, "draft video").shape[2] == 5
    assert latents(comfy, result, "finished video").shape == (1, 128, 5, 4, 4)
    assert result.outputs["enlarged"]["text"] == [
        "the draft was stopped: enlarged as far as it goes, nothing is finished; Run goes on with it"
    ]
    assert comfy.sampler_runs("stopped.jsonl") == []

    whole = comfy.run(prompt)
    assert latents(comfy, whole, "draft video").shape[2] == 20
    assert latents(comfy, whole, "finished video").shape[2] == 20
    assert whole.executed.index("draft video") < whole.executed.index("enlarged")
    assert len(comfy.sampler_runs("stopped.jsonl")) == len(PLANS["finish"].windows)


def test_a_draft_is_enlarged_as_comfyui_s_own_node_enlarges_each_window(comfy):
    prompt = two_stages("draft")
    prompt = {name: each for name, each in prompt.items() if name not in ("draft video", "finished video")}
    prompt["canvas"] = saved(["enlarged", 0], "canvas")
    plan = PLANS["finish"]
    for window in plan.windows:
        start, stop = window.latents
        cut, large = f"stretch {window.index}", f"large {window.index}"
        prompt[cut] = node("LatentCut", samples=["draft close", 0], dim="t", index=start, amount=stop - start)
        prompt[large] = node("LTXVLatentUpsampler", samples=[cut, 0], upscale_model=["upscaler", 0], vae=["model", 2])
        prompt[f"saved {window.index}"] = saved([large, 0], "large")
    result = comfy.run(prompt)
    canvas = latents(comfy, result, "canvas")
    assert canvas.isfinite().all()
    assert canvas.shape == painting(2, 4).shape
    for window in plan.windows:
        first, end = (place - window.latents[0] for place in window.added_latents)
        large = latents(comfy, result, f"saved {window.index}")
        assert torch.equal(canvas[:, :, slice(*window.added_latents)], large[:, :, first:end])


def test_what_cannot_enlarge_is_refused(comfy):
    prompt = {name: each for name, each in two_stages("draft").items() if "finish" not in name and name != "behind"}
    del prompt["draft video"]
    prompt["finish plan"] = planner("finish")
    prompt["enlarged"]["inputs"]["vae"] = ["audio vae", 0]
    assert "LoopDraftEnlarge: vae is not LTX's video VAE" in refused(comfy, prompt, ["enlarged", 0])


def test_halves_are_refused_only_to_those_who_ask_for_them(comfy):
    size = {"size": node("AudioLoopVideoSize", width=832, height=480, multiple_of="32")}
    assert ask(comfy, size, {"height": ["size", 1]}) == {"height": "480"}
    message = refused(comfy, size, ["size", 3])
    assert "AudioLoopVideoSize: height 480 is not a multiple of 64; use 448 or 512" in message


@pytest.mark.parametrize(("width", "height"), [(1280, 704), (832, 448), (1920, 1088), (704, 1280)])
def test_halves_of_two_stages(comfy, width, height):
    size = {"size": node("AudioLoopVideoSize", width=width, height=height, multiple_of="64")}
    found = ask(comfy, size, {"width": ["size", 2], "height": ["size", 3]})
    assert found == {"width": str(width // 2), "height": str(height // 2)}
