"""Files of every weight format, through ComfyUI's ordinary loaders and our model nodes, sample what the plain file samples.

Errors are those of a random toy on a CPU, where ComfyUI computes with the stored numbers in float: they bound what our
nodes do to such weights, and say nothing of pictures or of the speed of a card.
"""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file

from audio_loop.demo.tiny_formats import AUDIO_VAE_NAME, FORMATS, VIDEO_VAE_NAME, write_formats
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from .test_tiny_ltx import one_window

PLAIN = "plain"
SIGMAS = "1.0, 0.725, 0.0"
BY_LOADER = "cast by the loader"
ERRORS = {
    "bf16": (0.0005, 0.005),
    "int8_convrot": (0.002, 0.015),
    "int8_tensorwise": (0.002, 0.015),
    "fp8": (0.005, 0.04),
    "fp8_scaled": (0.005, 0.04),
    "fp8_scaled_older": (0.005, 0.04),
    "fp8_input_scaled": (0.005, 0.04),
    "mxfp8_block32": (0.005, 0.04),
    "fp8_cast": (0.01, 0.08),
    BY_LOADER: (0.01, 0.08),
    "nvfp4": (0.02, 0.15),
}
"""Least and most that the norm of the difference may be, by the norm of what the plain file samples."""


def loader(form):
    if form.is_checkpoint:
        return {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": form.file_name}}
    inputs = {"unet_name": form.file_name, "weight_dtype": "default"}
    return {"class_type": "UNETLoader", "inputs": inputs}


def branch(shared, name, load):
    """A sampling with the model of `load`, with the LoRA and our nodes behind it, saved as latents."""
    ours = {
        "load": load,
        "lora": {**shared["3"], "inputs": {**shared["3"]["inputs"], "model": [f"{name}.load", 0]}},
        "sage": {
            "class_type": "AudioLoopHelperSageAttention",
            "inputs": {
                "model": [f"{name}.lora", 0],
                "mode": "auto_mask_aware",
                "fallback_on_error": False,
                "skip_under_seq_len": 0,
            },
        },
        "nag": {
            "class_type": "LTXNormalizedAttentionGuidance",
            "inputs": {
                "model": [f"{name}.sage", 0],
                "negative": ["6", 1],
                "nag_scale": 5.0,
                "nag_alpha": 0.25,
                "nag_tau": 2.5,
            },
        },
        "guider": {**shared["14"], "inputs": {**shared["14"]["inputs"], "model": [f"{name}.nag", 0]}},
        "sampler": {**shared["15"], "inputs": {**shared["15"]["inputs"], "guider": [f"{name}.guider", 0]}},
        "parts": {"class_type": "LTXVSeparateAVLatent", "inputs": {"av_latent": [f"{name}.sampler", 0]}},
        "save": {
            "class_type": "SaveLatent",
            "inputs": {"samples": [f"{name}.parts", 0], "filename_prefix": f"formats/{name}"},
        },
    }
    return {f"{name}.{part}": node for part, node in ours.items()}


@pytest.fixture(scope="module")
def sampled(comfy, tiny_models):
    """What each format samples, by its name, what the plain file does, and a picture encoded by both VAEs."""
    files = write_formats(tiny_models)
    shared = one_window("formats", frames=9)
    shared["8"] = {"class_type": "VAELoader", "inputs": {"vae_name": AUDIO_VAE_NAME}}
    shared["13"]["inputs"]["sigmas"] = SIGMAS
    prompt = {key: shared[key] for key in ("1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13")}
    prompt |= branch(shared, PLAIN, {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}})
    for form in FORMATS:
        prompt |= branch(shared, form.name, loader(form))
    cast = {"unet_name": FORMATS[0].file_name, "weight_dtype": "fp8_e4m3fn"}
    prompt |= branch(shared, BY_LOADER, {"class_type": "UNETLoader", "inputs": cast})
    prompt["own"] = {"class_type": "VAELoader", "inputs": {"vae_name": VIDEO_VAE_NAME}}
    prompt["picture"] = {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0x336699}}
    for name, vae in (("own", ["own", 0]), ("checkpoint", ["1", 2])):
        prompt[f"{name}.encode"] = {"class_type": "VAEEncode", "inputs": {"pixels": ["picture", 0], "vae": vae}}
        saved = {"samples": [f"{name}.encode", 0], "filename_prefix": f"formats/vae {name}"}
        prompt[f"{name}.save"] = {"class_type": "SaveLatent", "inputs": saved}
    result = comfy.run(prompt, timeout=120)
    for file in files:
        file.unlink()
    latents = {file.filename.rsplit("_", 2)[0]: load_file(comfy.path_of(file)) for file in result.files()}
    return {name: tensors["latent_tensor"] for name, tensors in latents.items()}


def test_every_format_samples_what_the_plain_file_samples(sampled):
    plain = sampled[PLAIN]
    errors = {name: float((sampled[name] - plain).norm() / plain.norm()) for name in ERRORS}
    assert {form.name for form in FORMATS} < set(ERRORS)
    outside = {name: error for name, error in errors.items() if not ERRORS[name][0] < error < ERRORS[name][1]}
    assert not outside


def test_the_video_vae_of_its_own_file_is_that_of_the_checkpoint(sampled):
    assert torch.equal(sampled["vae own"], sampled["vae checkpoint"])
