"""The shipped workflow on the tiny model, small enough for a CPU, and small prompts that ask single nodes."""

from __future__ import annotations

import copy
import json
import wave
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.tiny_names import (
    AUDIO_VAE_25_NAME,
    CHECKPOINT_NAME,
    LORA_NAME,
    TEXT_ENCODER_25_NAME,
    TEXT_ENCODER_NAME,
    TRANSFORMER_25_NAME,
    UPSCALER_NAME,
    VIDEO_VAE_25_NAME,
)

DEFAULT = "audio-loop-music-video_latent"

WINDOW_SECONDS, OVERLAP_SECONDS = 1.96, 0.36
"""At 25 fps a window of 49 frames (7 latents), an overlap of 9 (2 latents) and a stride of 40 (1.6 s)."""
STRIDE_SECONDS = 1.6

Prompt = dict[str, dict[str, Any]]


def shipped(
    song: str,
    picture: str,
    *,
    width: int = 128,
    height: int = 64,
    window: float = WINDOW_SECONDS,
    overlap: float = OVERLAP_SECONDS,
    name: str = DEFAULT,
    **more: Any,
) -> Prompt:
    """The shipped API file with model names, size, window, song and picture replaced.

    Args:
        song: Name in the input folder.
        picture: Name in the input folder.
        width: In pixels.
        height: In pixels.
        window: In seconds.
        overlap: In seconds.
        name: Which workflow.
        **more: Further values by `n<node id>_<input>`, as in `n1527_value=7`.
    """
    prompt = json.loads((REPOSITORY / "example_workflows" / "api" / f"{name}.json").read_text("utf-8"))
    for node in prompt.values():
        inputs = node["inputs"]
        if "ckpt_name" in inputs:
            inputs["ckpt_name"] = CHECKPOINT_NAME
        if "lora_name" in inputs:
            inputs["lora_name"] = LORA_NAME
        if node["class_type"] == "LatentUpscaleModelLoader":
            inputs["model_name"] = UPSCALER_NAME
        if node["class_type"] == "LTXAVTextEncoderLoader":
            node["class_type"] = "DemoTinyTextEncoderLoader"
            inputs["text_encoder"] = TEXT_ENCODER_NAME
        _load_tiny_ltx25(node)
        if node["class_type"] == "AudioLoopVideoSize":
            inputs.update(width=width, height=height)
    prompt["688"]["inputs"]["value"] = window
    prompt["2013"]["inputs"]["value"] = overlap
    prompt["565"]["inputs"]["audio"] = song
    prompt["444"]["inputs"]["image"] = picture
    for key, value in more.items():
        node_id, _, input_name = key.removeprefix("n").partition("_")
        assert input_name in prompt[node_id]["inputs"], f"node {node_id} has no input {input_name}"
        prompt[node_id]["inputs"][input_name] = value
    return prompt


def _load_tiny_ltx25(node: dict[str, Any]) -> None:
    """Names of the tiny LTX 2.5 in its loaders; of others nothing is changed."""
    inputs = node["inputs"]
    if node["class_type"] == "UNETLoader":
        inputs["unet_name"] = TRANSFORMER_25_NAME
    elif node["class_type"] == "VAELoader":
        inputs["vae_name"] = AUDIO_VAE_25_NAME if "audio" in inputs["vae_name"] else VIDEO_VAE_25_NAME
    elif node["class_type"] == "CLIPLoader":
        node["class_type"] = "DemoTinyGemma4Loader"
        inputs["clip_name"] = TEXT_ENCODER_25_NAME


def without_checkpoints(prompt: Prompt) -> Prompt:
    """The prompt with the switch of the checkpoints off, so that nothing comes from disk."""
    changed = copy.deepcopy(prompt)
    changed["2203"]["inputs"]["value"] = False
    return changed


def painted(prompt: Prompt) -> Prompt:
    """The prompt with frame numbers painted instead of sampled; the pack's own node saves them."""
    changed = copy.deepcopy(prompt)
    for node in changed.values():
        if node["class_type"] == "KSamplerSelect":
            node.update(class_type="TestPaintingSampler", inputs={})
    for node_id, node in prompt.items():
        if node["class_type"] == "StreamingVideoSave":
            changed[f"{node_id}_painted"] = {"class_type": "TestPaintedVae", "inputs": {"vae": node["inputs"]["vae"]}}
            changed[node_id]["inputs"]["vae"] = [f"{node_id}_painted", 0]
    return changed


def with_sampler_wrapped(prompt: Prompt, class_type: str) -> Prompt:
    """The prompt with every `KSamplerSelect` led through a node of this class, which has one input `sampler`."""
    changed = copy.deepcopy(prompt)
    for sampler in [i for i, node in prompt.items() if node["class_type"] == "KSamplerSelect"]:
        wrapped = f"{sampler}_wrapped"
        for node in changed.values():
            for name, value in node["inputs"].items():
                if value == [sampler, 0]:
                    node["inputs"][name] = [wrapped, 0]
        changed[wrapped] = {"class_type": class_type, "inputs": {"sampler": [sampler, 0]}}
    return changed


def video_of(comfy: Any, result: Any) -> Path:
    """The one video that a prompt made."""
    (video,) = [file for file in result.files("1604") if file.filename.endswith(".mp4")]
    return comfy.path_of(video)


def video_facts(path: Path) -> dict[str, Any]:
    """Frames, rate and both lengths of a video, by decoding all of it."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        facts = {"rate": Fraction(stream.average_rate), "size": (stream.width, stream.height)}
        facts["frames"] = sum(1 for _ in container.decode(stream))
    with av.open(str(path)) as container:
        audio = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(audio))
        facts["audio_seconds"] = samples / audio.rate
    return facts


def video_samples(path: Path) -> np.ndarray:
    """The sound of a video, (channels, samples) as float."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp")
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def write_song(path: Path, seconds: float, rate: int = 44100, channels: int = 1, hz: float = 220.0) -> Path:
    """A tone as 16-bit WAV; 0 seconds give a file without samples."""
    time = np.arange(round(seconds * rate)) / rate
    tone = (np.sin(2 * np.pi * hz * time) * 12000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(tone[:, None], channels, axis=1).tobytes())
    return path


def write_picture(path: Path, size: tuple[int, int] = (300, 200)) -> Path:
    """A picture with a gradient."""
    columns = np.linspace(20, 220, size[0])[None, :, None]
    rows = np.linspace(0.5, 1.0, size[1])[:, None, None]
    Image.fromarray((columns * rows * np.array([1.0, 0.8, 0.6])).astype("uint8")).save(path)
    return path


def ask(comfy: Any, nodes: Mapping[str, Mapping[str, Any]], outputs: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Runs nodes and returns some of their outputs as texts.

    Args:
        comfy: The running ComfyUI.
        nodes: API form.
        outputs: Name -> [node id, output number].
    """
    shown = {f"show_{name}": {"class_type": "PreviewAny", "inputs": {"source": list(link)}} for name, link in outputs.items()}
    result = comfy.run({**nodes, **shown})
    return {name: result.outputs[f"show_{name}"]["text"][0] for name in outputs}


def refused(comfy: Any, nodes: Mapping[str, Mapping[str, Any]], link: Sequence[Any]) -> str:
    """Runs nodes that must fail, and returns the message."""
    from audio_loop.comfy_host.errors import ComfyError

    with pytest.raises(ComfyError) as caught:
        comfy.run({**nodes, "show": {"class_type": "PreviewAny", "inputs": {"source": list(link)}}})
    return caught.value.message


def silence(seconds: float, rate: int = 44100, channels: int = 1) -> dict[str, Any]:
    """Core's node for silence."""
    return {"class_type": "EmptyAudio", "inputs": {"duration": seconds, "sample_rate": rate, "channels": channels}}
