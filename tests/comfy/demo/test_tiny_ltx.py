"""The tiny LTX loads through ComfyUI's ordinary loaders and is the architecture that the pack is written for."""

from __future__ import annotations

import hashlib
import json

import av
import numpy as np

from audio_loop.demo.launch import make_tiny_models
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, LORA_NAME, TEXT_ENCODER_NAME

SIGMAS = "1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0"


def one_window(prefix, lora_strength=0.5, text="a woman sings", seed=1, frames=17):
    """One audio-video window, decoded and written to a video."""
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "2": {
            "class_type": "DemoTinyTextEncoderLoader",
            "inputs": {"text_encoder": TEXT_ENCODER_NAME, "ckpt_name": CHECKPOINT_NAME, "device": "default"},
        },
        "3": {
            "class_type": "LoraLoaderModelOnly",
            "inputs": {"model": ["1", 0], "lora_name": LORA_NAME, "strength_model": lora_strength},
        },
        "4": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["2", 0], "text": text}},
        "5": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["2", 0], "text": "blurry"}},
        "6": {
            "class_type": "LTXVConditioning",
            "inputs": {"positive": ["4", 0], "negative": ["5", 0], "frame_rate": 25},
        },
        "7": {
            "class_type": "EmptyLTXVLatentVideo",
            "inputs": {"width": 128, "height": 64, "length": frames, "batch_size": 1},
        },
        "8": {"class_type": "LTXVAudioVAELoader", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "9": {
            "class_type": "LTXVEmptyLatentAudio",
            "inputs": {"frames_number": frames, "frame_rate": 25, "batch_size": 1, "audio_vae": ["8", 0]},
        },
        "10": {"class_type": "LTXVConcatAVLatent", "inputs": {"video_latent": ["7", 0], "audio_latent": ["9", 0]}},
        "11": {"class_type": "RandomNoise", "inputs": {"noise_seed": seed}},
        "12": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
        "13": {"class_type": "ManualSigmas", "inputs": {"sigmas": SIGMAS}},
        "14": {
            "class_type": "CFGGuider",
            "inputs": {"model": ["3", 0], "positive": ["6", 0], "negative": ["6", 1], "cfg": 1},
        },
        "15": {
            "class_type": "SamplerCustomAdvanced",
            "inputs": {
                "noise": ["11", 0],
                "guider": ["14", 0],
                "sampler": ["12", 0],
                "sigmas": ["13", 0],
                "latent_image": ["10", 0],
            },
        },
        "16": {"class_type": "LTXVSeparateAVLatent", "inputs": {"av_latent": ["15", 0]}},
        "17": {"class_type": "VAEDecode", "inputs": {"samples": ["16", 0], "vae": ["1", 2]}},
        "18": {"class_type": "LTXVAudioVAEDecode", "inputs": {"samples": ["16", 1], "audio_vae": ["8", 0]}},
        "19": {"class_type": "CreateVideo", "inputs": {"images": ["17", 0], "audio": ["18", 0], "fps": 25}},
        "20": {
            "class_type": "SaveVideo",
            "inputs": {"video": ["19", 0], "filename_prefix": prefix, "format": "mp4", "codec": "h264"},
        },
    }


def sampled_means(comfy, name, **changes):
    log = f"{name}.jsonl"
    comfy.run(comfy.with_counting_sampler(one_window(name, **changes), log))
    return np.array(comfy.sampler_runs(log)[-1]["sampled_video_means"])


def test_one_window_becomes_a_video_with_sound_and_one_sampler_run(comfy):
    prompt = comfy.with_counting_sampler(one_window("one-window", frames=97), "one-window.jsonl")
    result = comfy.run(prompt)
    (file,) = result.files()
    with av.open(str(comfy.path_of(file))) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
        assert container.streams.video[0].frames == 97
    (run,) = comfy.sampler_runs("one-window.jsonl")
    assert run["latent_shapes"] == [[1, 128, 13, 2, 4], [1, 8, 97, 16]]
    assert run["steps"] == 8
    assert np.isfinite(run["sampled_video_means"]).all()
    assert np.isfinite(run["sampled_audio_means"]).all()


def test_lora_prompt_and_seed_each_change_what_is_sampled(comfy):
    base = sampled_means(comfy, "base")
    assert np.array_equal(base, sampled_means(comfy, "again", seed=1))
    assert not np.allclose(base, sampled_means(comfy, "no-lora", lora_strength=0.0), atol=1e-4)
    assert not np.allclose(base, sampled_means(comfy, "other-text", text="rain on a quiet street"), atol=1e-5)
    assert not np.allclose(base, sampled_means(comfy, "other-seed", seed=2), atol=1e-4)


def test_the_lora_leaves_no_key_unused(comfy):
    sampled_means(comfy, "lora-keys")
    assert "lora key not loaded" not in comfy.server.log_text()


def test_painted_frame_numbers_survive_the_video_file(comfy):
    prompt = comfy.with_painting_sampler(one_window("painted", frames=97))
    assert comfy.painted_numbers(comfy.run(prompt)) == list(range(97))


def test_core_text_encoder_loader_has_the_inputs_of_the_stand_in(comfy):
    core = comfy.client.object_info("LTXAVTextEncoderLoader")["LTXAVTextEncoderLoader"]
    stand_in = comfy.client.object_info("DemoTinyTextEncoderLoader")["DemoTinyTextEncoderLoader"]
    for part in ("input", "input_order", "output"):
        assert stand_in[part] == core[part]


def test_the_same_bytes_every_time(tiny_models, tmp_path):
    make_tiny_models(tmp_path)

    def hashes(models):
        files = sorted(path for path in models.rglob("*.safetensors"))
        return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in files}

    assert hashes(tmp_path) == hashes(tiny_models)


def test_the_checkpoint_is_small_and_says_its_sizes(tiny_models):
    data = (tiny_models / "checkpoints" / CHECKPOINT_NAME).read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert len(data) < 5_000_000
    assert set(json.loads(header["__metadata__"]["config"])) == {"transformer", "vae", "audio_vae", "vocoder"}
