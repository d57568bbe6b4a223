"""The tiny LTX 2.5 loads as ComfyUI's LTX 2.5 template loads the true one, and is of its architecture."""

from __future__ import annotations

import json

import numpy as np
import pytest

from audio_loop.demo.tiny_names import AUDIO_VAE_25_NAME, TEXT_ENCODER_25_NAME, TRANSFORMER_25_NAME, VIDEO_VAE_25_NAME

SIGMAS = "1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0"


def one_window(text="a woman sings", seed=1, frames=17):
    """One audio-video window as the template makes it, decoded."""
    return {
        "model": {"class_type": "UNETLoader", "inputs": {"unet_name": TRANSFORMER_25_NAME, "weight_dtype": "default"}},
        "video_vae": {"class_type": "VAELoader", "inputs": {"vae_name": VIDEO_VAE_25_NAME}},
        "audio_vae": {"class_type": "VAELoader", "inputs": {"vae_name": AUDIO_VAE_25_NAME}},
        "clip": {"class_type": "DemoTinyGemma4Loader", "inputs": {"clip_name": TEXT_ENCODER_25_NAME, "type": "ltxv"}},
        "positive": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["clip", 0], "text": text}},
        "negative": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["clip", 0], "text": "blurry"}},
        "rated": {
            "class_type": "LTXVConditioning",
            "inputs": {"positive": ["positive", 0], "negative": ["negative", 0], "frame_rate": 24},
        },
        "video": {
            "class_type": "EmptyLTXVLatentVideo",
            "inputs": {"width": 128, "height": 64, "length": frames, "batch_size": 1},
        },
        "audio": {
            "class_type": "LTXVEmptyLatentAudio",
            "inputs": {"frames_number": frames, "frame_rate": 24, "batch_size": 1, "audio_vae": ["audio_vae", 0]},
        },
        "joint": {"class_type": "LTXVConcatAVLatent", "inputs": {"video_latent": ["video", 0], "audio_latent": ["audio", 0]}},
        "noise": {"class_type": "RandomNoise", "inputs": {"noise_seed": seed}},
        "sampler": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler_ancestral"}},
        "sigmas": {"class_type": "ManualSigmas", "inputs": {"sigmas": SIGMAS}},
        "guider": {
            "class_type": "LTXVDualCFGGuider",
            "inputs": {
                "model": ["model", 0],
                "positive": ["rated", 0],
                "negative": ["rated", 1],
                "video_cfg": 1,
                "audio_cfg": 1,
            },
        },
        "sampled": {
            "class_type": "SamplerCustomAdvanced",
            "inputs": {
                "noise": ["noise", 0],
                "guider": ["guider", 0],
                "sampler": ["sampler", 0],
                "sigmas": ["sigmas", 0],
                "latent_image": ["joint", 0],
            },
        },
        "parts": {"class_type": "LTXVSeparateAVLatent", "inputs": {"av_latent": ["sampled", 0]}},
        "pictures": {"class_type": "VAEDecode", "inputs": {"samples": ["parts", 0], "vae": ["video_vae", 0]}},
        "sound": {"class_type": "LTXVAudioVAEDecode", "inputs": {"samples": ["parts", 1], "audio_vae": ["audio_vae", 0]}},
        "clip_of_it": {"class_type": "CreateVideo", "inputs": {"images": ["pictures", 0], "audio": ["sound", 0], "fps": 24}},
        "saved": {
            "class_type": "SaveVideo",
            "inputs": {"video": ["clip_of_it", 0], "filename_prefix": "one-25", "format": "mp4", "codec": "h264"},
        },
    }


def run(comfy, log, **changes):
    comfy.run(comfy.with_counting_sampler(one_window(**changes), log))
    return comfy.sampler_runs(log)[-1]


def test_one_window_has_the_shapes_of_ltx_2_5_and_words_and_seed_change_it(comfy):
    first = run(comfy, "tiny-25.jsonl")
    assert first["latent_shapes"] == [[1, 128, 3, 2, 4], [1, 8, 18, 16]]
    assert first["steps"] == 8
    base = np.array(first["sampled_video_means"])
    assert np.isfinite(base).all()
    assert np.isfinite(first["sampled_audio_means"]).all()
    words = run(comfy, "tiny-25.jsonl", text="rain on a quiet street")
    assert not np.allclose(base, words["sampled_video_means"], atol=1e-5)
    assert not np.allclose(base, run(comfy, "tiny-25.jsonl", seed=2)["sampled_video_means"], atol=1e-4)


def test_core_clip_loader_has_the_inputs_of_the_stand_in(comfy):
    core = comfy.client.object_info("CLIPLoader")["CLIPLoader"]
    stand_in = comfy.client.object_info("DemoTinyGemma4Loader")["DemoTinyGemma4Loader"]
    assert stand_in["input_order"] == core["input_order"]
    assert stand_in["output"] == core["output"]
    assert stand_in["input"]["required"]["clip_name"][1]["options"] == core["input"]["required"]["clip_name"][0]
    assert "ltxv" in core["input"]["required"]["type"][0]


@pytest.mark.parametrize(
    ("folder", "name", "parts"),
    [
        ("diffusion_models", TRANSFORMER_25_NAME, {"transformer"}),
        ("vae", VIDEO_VAE_25_NAME, {"vae"}),
        ("vae", AUDIO_VAE_25_NAME, {"audio_vae", "vocoder"}),
    ],
)
def test_each_file_is_small_and_says_its_sizes(tiny_models, folder, name, parts):
    data = (tiny_models / folder / name).read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert len(data) < 3_000_000
    assert set(json.loads(header["__metadata__"]["config"])) == parts


def test_the_diffusion_model_marks_keyframes_and_has_no_bias_in_the_pictures_feed_forward(tiny_models):
    data = (tiny_models / "diffusion_models" / TRANSFORMER_25_NAME).read_bytes()
    names = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert names["model.diffusion_model.keyframes_abs_pos_embedding"]["shape"] == [1, 64]
    assert "model.diffusion_model.transformer_blocks.0.ff.net.2.bias" not in names
    assert "model.diffusion_model.transformer_blocks.0.audio_ff.net.2.bias" in names
