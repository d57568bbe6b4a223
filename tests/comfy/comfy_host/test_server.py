"""Server, client and demo against a real ComfyUI: what happens when things go right, wrong, or are stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest

from audio_loop.comfy_host.client import ComfyClient
from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui
from audio_loop.comfy_host.errors import ComfyError, PromptInterruptedError, PromptRefusedError, ServerError
from audio_loop.comfy_host.events import Executed, Executing, Finished, Progress
from audio_loop.comfy_host.server import ComfyServer, answers
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME


def text_prompt(text):
    return {
        "1": {"class_type": "PrimitiveString", "inputs": {"value": text}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
    }


def test_events_of_a_prompt_come_in_order_and_its_result_can_be_read(comfy):
    events = []
    result = comfy.run(text_prompt("events"), on_event=events.append)
    assert [event.node_id for event in events if isinstance(event, Executing)] == ["1", "2"] == list(result.executed)
    assert [list(event.output["text"]) for event in events if isinstance(event, Executed)] == [["events"]]
    assert isinstance(events[-1], Finished)
    assert list(result.outputs["2"]["text"]) == ["events"]
    assert result.status["completed"] is True


def test_an_unchanged_prompt_is_answered_from_the_cache(comfy):
    comfy.run(text_prompt("again"))
    assert set(comfy.run(text_prompt("again")).cached) == {"1", "2"}


def test_a_refused_prompt_names_node_and_input(comfy):
    prompt = {"7": {"class_type": "PreviewAny", "inputs": {}}}
    with pytest.raises(PromptRefusedError, match="source") as caught:
        comfy.run(prompt)
    assert (caught.value.node_id, caught.value.node_type) == ("7", "PreviewAny")


def test_an_output_that_is_refused_beside_one_that_runs_is_named(comfy, caplog):
    result = comfy.run({**text_prompt("sound"), "7": {"class_type": "PreviewAny", "inputs": {}}})
    assert "7" not in result.outputs
    assert "node 7 (PreviewAny): Required input is missing: source; what needs this node is not run" in caplog.text


def test_an_unknown_class_is_refused(comfy):
    with pytest.raises(PromptRefusedError, match="NoSuchNode"):
        comfy.run({"1": {"class_type": "NoSuchNode", "inputs": {}}})


def test_an_error_in_a_node_names_it_and_brings_its_traceback(comfy):
    prompt = {
        "5": {"class_type": "EmptyAudio", "inputs": {"duration": 1.0, "sample_rate": 44100, "channels": 2}},
        "6": {"class_type": "TrimAudioDuration", "inputs": {"audio": ["5", 0], "start_index": 2.0, "duration": 1.0}},
        "7": {"class_type": "PreviewAudio", "inputs": {"audio": ["6", 0]}},
    }
    with pytest.raises(ComfyError, match=r"node 6 \(TrimAudioDuration\)") as caught:
        comfy.run(prompt)
    assert caught.value.node_id == "6"
    assert "execute" in caught.value.traceback
    assert comfy.run(text_prompt("after the error")).status["completed"] is True


def test_interrupting_ends_the_prompt_and_the_next_one_runs(comfy):
    def stop_when_sampling(event):
        if isinstance(event, Progress) and event.node_id == "15" and event.value >= 2:
            threading.Thread(target=comfy.client.interrupt).start()

    with pytest.raises(PromptInterruptedError):
        comfy.run(long_sampling(), on_event=stop_when_sampling)
    assert comfy.run(text_prompt("after the interruption")).status["completed"] is True


def long_sampling():
    """Sampling of many small steps; more than can be done before somebody presses the button."""
    steps = 2000
    sigmas = ", ".join(f"{1 - i / steps:.5f}" for i in range(steps + 1))
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "2": {
            "class_type": "DemoTinyTextEncoderLoader",
            "inputs": {
                "text_encoder": TEXT_ENCODER_NAME,
                "ckpt_name": CHECKPOINT_NAME,
                "device": "default",
            },
        },
        "4": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["2", 0], "text": "x"}},
        "7": {
            "class_type": "EmptyLTXVLatentVideo",
            "inputs": {"width": 128, "height": 64, "length": 9, "batch_size": 1},
        },
        "11": {"class_type": "RandomNoise", "inputs": {"noise_seed": 3}},
        "12": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
        "13": {"class_type": "ManualSigmas", "inputs": {"sigmas": sigmas}},
        "14": {"class_type": "BasicGuider", "inputs": {"model": ["1", 0], "conditioning": ["4", 0]}},
        "15": {
            "class_type": "SamplerCustomAdvanced",
            "inputs": {
                "noise": ["11", 0],
                "guider": ["14", 0],
                "sampler": ["12", 0],
                "sigmas": ["13", 0],
                "latent_image": ["7", 0],
            },
        },
        "16": {"class_type": "SaveLatent", "inputs": {"samples": ["15", 0], "filename_prefix": "long"}},
    }


def test_an_uploaded_picture_can_be_loaded_and_fetched_again(comfy, tmp_path):
    name = comfy.client.upload(write_picture(tmp_path / "uploaded face.png"))
    prompt = {
        "1": {"class_type": "LoadImage", "inputs": {"image": name}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "fetched"}},
    }
    (output,) = comfy.run(prompt).files()
    target = comfy.client.fetch(output, tmp_path / "fetched.png")
    assert target.read_bytes() == comfy.path_of(output).read_bytes()
    with pytest.raises(FileExistsError):
        comfy.client.fetch(output, target)


def test_two_clients_each_hear_of_their_own_prompt(comfy):
    with ComfyClient(comfy.url) as other:
        mine, theirs = comfy.client.queue(text_prompt("mine")), other.queue(text_prompt("theirs"))
        assert isinstance(list(other.follow(theirs, timeout=30))[-1], Finished)
        assert isinstance(list(comfy.client.follow(mine, timeout=30))[-1], Finished)


def test_a_client_without_a_server_says_where_it_looked():
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:9"):
        ComfyClient("http://127.0.0.1:9")


def test_a_server_that_cannot_start_shows_the_end_of_its_log(tmp_path):
    server = ComfyServer(ensure_comfyui(), tmp_path, arguments=("--no-such-argument",))
    with pytest.raises(ServerError, match="unrecognized arguments: --no-such-argument"):
        server.start()
    assert not server.running


def test_a_server_that_goes_away_ends_the_wait_of_its_client(tiny_models, tmp_path):
    server = tiny_server(tmp_path, tiny_models)
    with server, ComfyClient(server.url) as client:
        prompt_id = client.queue(long_sampling())
        threading.Timer(2.0, server.stop).start()
        with pytest.raises(ServerError, match="was lost"):
            list(client.follow(prompt_id, timeout=60))
        with pytest.raises(ServerError, match="was lost"):
            client.queue(text_prompt("too late"))
        assert not answers(server.url)


def plain_workflow():
    """One window of a song, with full-size model names and the ids that the shipped workflow uses."""
    checkpoint, size = "ltx-2.3-22b-dev-fp8.safetensors", {"width": 832, "height": 448}
    encoder = {"text_encoder": "gemma_3_12B_it_fp4_mixed.safetensors", "ckpt_name": checkpoint, "device": "default"}
    resize = {f"resize_type.{side}": pixels for side, pixels in size.items()} | {"resize_type.crop": "center"}
    sampling = {"noise": "11", "guider": "14", "sampler": "12", "sigmas": "13", "latent_image": "10"}
    nodes = {
        "1": ("CheckpointLoaderSimple", {"ckpt_name": checkpoint}),
        "2": ("LTXAVTextEncoderLoader", encoder),
        "3": ("LoraLoaderModelOnly", {"model": ["1", 0], "lora_name": "distilled.safetensors", "strength_model": 0.5}),
        "4": ("CLIPTextEncode", {"clip": ["2", 0], "text": "a woman sings"}),
        "6": ("LTXVConditioning", {"positive": ["4", 0], "negative": ["4", 0], "frame_rate": 25}),
        "7": ("EmptyLTXVLatentVideo", {**size, "length": 49, "batch_size": 1}),
        "8": ("LTXVAudioVAELoader", {"ckpt_name": checkpoint}),
        "9": ("LTXVAudioVAEEncode", {"audio": ["567", 0], "audio_vae": ["8", 0]}),
        "10": ("LTXVConcatAVLatent", {"video_latent": ["22", 0], "audio_latent": ["9", 0]}),
        "11": ("RandomNoise", {"noise_seed": 1}),
        "12": ("KSamplerSelect", {"sampler_name": "euler"}),
        "13": ("ManualSigmas", {"sigmas": "1.0, 0.9, 0.5, 0.0"}),
        "14": ("CFGGuider", {"model": ["3", 0], "positive": ["6", 0], "negative": ["6", 1], "cfg": 1}),
        "15": ("SamplerCustomAdvanced", {name: [node_id, 0] for name, node_id in sampling.items()}),
        "16": ("LTXVSeparateAVLatent", {"av_latent": ["15", 0]}),
        "17": ("VAEDecode", {"samples": ["16", 0], "vae": ["1", 2]}),
        "19": ("CreateVideo", {"images": ["17", 0], "audio": ["567", 0], "fps": 25}),
        "20": ("SaveVideo", {"video": ["19", 0], "filename_prefix": "plain", "format": "mp4", "codec": "h264"}),
        "21": (
            "ResizeImageMaskNode",
            {"input": ["444", 0], "resize_type": "scale dimensions", "scale_method": "lanczos", **resize},
        ),
        "22": (
            "LTXVImgToVideoInplace",
            {"vae": ["1", 2], "image": ["23", 0], "latent": ["7", 0], "strength": 1.0, "bypass": False},
        ),
        "23": ("LTXVPreprocess", {"image": ["21", 0], "img_compression": 18}),
        "444": ("LoadImage", {"image": "picture.png"}),
        "565": ("LoadAudio", {"audio": "song.wav"}),
        "567": ("TrimAudioDuration", {"audio": ["565", 0], "start_index": 0.0, "duration": 1.96}),
        "688": ("PrimitiveFloat", {"value": 19.88}),
    }
    return {node_id: {"class_type": kind, "inputs": inputs} for node_id, (kind, inputs) in nodes.items()}


def demo(*arguments):
    command = [sys.executable, str(REPOSITORY / "scripts" / "demo.py"), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)


def test_the_demo_makes_a_video_of_a_song_and_a_picture_with_the_toy_model(tmp_path):
    workflow = tmp_path / "plain.json"
    workflow.write_text(json.dumps(plain_workflow()), encoding="utf-8")
    song = write_song(tmp_path / "my song.wav", 3.0)
    done = demo("--workflow", workflow, "--audio", song, "--seconds", 1.96, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "RANDOM TOY MODEL" in done.stdout
    assert "step 3/" in done.stderr
    video = Path(done.stdout.splitlines()[-1])
    assert video == tmp_path / "out" / "my song.mp4"
    with av.open(str(video)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (192, 96)
        assert container.streams.video[0].frames == 49
        assert float(container.duration / av.time_base) == pytest.approx(1.96, abs=0.05)
        assert container.streams.audio


def test_the_demo_renders_on_a_server_as_the_workflow_says(comfy, tmp_path):
    prompt = plain_workflow()
    names = {"ckpt_name": CHECKPOINT_NAME, "text_encoder": TEXT_ENCODER_NAME, "lora_name": LORA_NAME}
    for node in prompt.values():
        node["inputs"].update({name: value for name, value in names.items() if name in node["inputs"]})
    prompt["2"]["class_type"] = "DemoTinyTextEncoderLoader"
    prompt["7"]["inputs"].update(width=128, height=64)
    workflow = tmp_path / "plain.json"
    workflow.write_text(json.dumps(prompt), encoding="utf-8")
    for expected in ("demo-song.mp4", "demo-song-2.mp4"):
        done = demo("--workflow", workflow, "--server", comfy.url, "--seconds", 2, "--output", tmp_path)
        assert done.returncode == 0, done.stderr
        assert "TOY" not in done.stdout
        assert Path(done.stdout.splitlines()[-1]) == tmp_path / expected
        with av.open(str(tmp_path / expected)) as container:
            assert container.streams.video[0].width == 128


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--image", "/no/such/picture.png"), "there is no file /no/such/picture.png"),
        (("--seconds", "0"), "'0' is not a number of seconds above 0"),
        (("--seconds", "long"), "'long' is not a number of seconds above 0"),
        (("--workflow", __file__), "cannot be read as a workflow"),
        (("--workflow", "nodes.json"), "is in the editor's form"),
        (("--workflow", "list.json"), "is not a workflow in API form"),
        (("--workflow", "empty.json"), "this workflow has no place for the picture"),
        (("--server", "http://127.0.0.1:9"), "no ComfyUI answers at http://127.0.0.1:9"),
    ],
)
def test_the_demo_refuses_what_cannot_work(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("nodes.json").write_text('{"nodes": [], "links": []}', encoding="utf-8")
    Path("list.json").write_text("[1, 2]", encoding="utf-8")
    Path("empty.json").write_text("{}", encoding="utf-8")
    done = demo(*arguments)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_names_nodes_that_a_server_lacks(comfy, tmp_path):
    prompt = plain_workflow()
    prompt["17"]["class_type"] = "NoSuchDecoder"
    (tmp_path / "plain.json").write_text(json.dumps(prompt), encoding="utf-8")
    done = demo("--workflow", tmp_path / "plain.json", "--server", comfy.url, "--seconds", 1)
    assert done.returncode == 2
    assert "NoSuchDecoder" in done.stderr
