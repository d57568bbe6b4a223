"""The render that the resume tests disturb, and what it leaves: sampler runs, kept latents, the frames of the video."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from safetensors.torch import load_file

from ...shipped import Prompt, shipped

Latents = dict[int, dict[str, bytes]]

SONG_SECONDS = 3.0
"""At a window of 1 s and a stride of 0.64 s: the initial render and four iterations."""
WINDOWS = 5
BASE_SEED = 42


def render(**changes: Any) -> Prompt:
    """The shipped workflow, small, with its sampler runs written down."""
    values = {"n1421_sigmas": "1.0, 0.7, 0.0", **changes}
    prompt = shipped("song.wav", "face.png", width=64, height=64, window=1.0, overlap=0.36, **values)
    prompt["counting"] = {
        "class_type": "TestCountingSampler",
        "inputs": {"sampler": ["154", 0], "log_name": "samplers.jsonl"},
    }
    for node in prompt.values():
        for name, value in node["inputs"].items():
            if value == ["154", 0] and node is not prompt["counting"]:
                node["inputs"][name] = ["counting", 0]
    return prompt


def sampled(output: Path) -> list[int]:
    """Windows that were sampled, in order; the log is emptied."""
    path = output / "output" / "samplers.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [json.loads(line)["seed"] - BASE_SEED for line in lines]


def kept(output: Path) -> Latents:
    """The chosen latents of the one run in this folder, by window, as bytes."""
    (manifest,) = (output / "output" / "audio_loop").glob("*/manifest.json")
    latents = {}
    for window in json.loads(manifest.read_text())["segments"]:
        (file,) = [take["file"] for take in window["takes"] if take["take"]["fingerprint"] == window["chosen"]]
        tensors = load_file(manifest.parent / file)
        latents[window["index"]] = {
            name: hashlib.sha256(tensor.contiguous().view(-1).numpy().tobytes()).digest() for name, tensor in tensors.items()
        }
    return latents


def finished_videos(output: Path) -> list[Path]:
    """Every video that has its final name: one, or more if a run was killed after it was whole."""
    return sorted(path for path in (output / "output" / "video").glob("*.mp4") if ".partial" not in path.name)


def frames(video: Path) -> list[str]:
    """Hashes of the frames, and the number of samples of sound."""
    with av.open(str(video)) as container:
        shown = (frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))
        pictures = [hashlib.sha256(picture.tobytes()).hexdigest() for picture in shown]
    with av.open(str(video)) as container:
        return [*pictures, str(sum(frame.samples for frame in container.decode(audio=0)))]


def windows_on_disk(output: Path) -> set[int]:
    """Windows with a finished file."""
    return {int(path.name.split("_")[1]) for path in (output / "output" / "audio_loop").glob("*/segment_*.safetensors")}


def result(output: Path) -> tuple[Latents, list[str]]:
    """Latents and frames of a render that made one video."""
    (video,) = finished_videos(output)
    return kept(output), frames(video)


def check_kills(kills: int, folder: Path, attempt: Callable[[Path, bool], bool], latents: Latents, pictures: list[str]) -> None:
    """Renders until that many attempts were killed and each chain of them has ended, and compares what came of it.

    Args:
        kills: How many.
        folder: Gets a folder of output for each chain.
        attempt: Renders into a folder; killed if the second argument allows it. Returns whether it was.
        latents: Of a render that nobody disturbed.
        pictures: Of a render that nobody disturbed.
    """
    count = chains = 0
    while count < kills:
        output = folder / str(chains)
        chains += 1
        done: set[int] = set()
        killed = True
        while killed:
            killed = attempt(output, count < kills)
            count += killed
            now = sampled(output)
            assert not done & set(now), f"windows {sorted(done & set(now))} were on disk and sampled again"
            done |= windows_on_disk(output)
        assert kept(output) == latents
        # A run that was killed after its video was whole has made another one.
        videos = finished_videos(output)
        assert videos
        for video in videos:
            assert frames(video) == pictures
