"""A real ComfyUI on the CPU with the tiny LTX, our pack, the stand-ins and the test nodes.

`comfy` is the server with ComfyUI's default caching, one for the whole run. `comfy_with("--cache-none")` gives another
one with further flags, started when first asked for. A server that cannot start is an error, never a skip.
"""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import av
import pytest

TIER = "comfy"
if TIER not in os.environ.get("AUDIO_LOOP_TIERS", TIER).split(","):
    collect_ignore_glob = ["*"]
if "AUDIO_LOOP_PACKS" not in os.environ:
    collect_ignore = ["workflow_graph/test_classic_with_packs.py"]

from audio_loop.comfy_host.prompt_result import PromptResult  # noqa: E402
from audio_loop.comfy_host.session import ComfySession  # noqa: E402
from audio_loop.demo.launch import make_tiny_models, tiny_server  # noqa: E402

TEST_NODES = Path(__file__).resolve().parent / "test_nodes"
# As `test_nodes/painting.py` draws them.
NUMBER_BITS, STRIPE_PX = 16, 8
SAMPLER_SOURCES = ("KSamplerSelect",)
VIDEO_DECODERS = ("VAEDecode", "VAEDecodeTiled", "LTXVSpatioTemporalTiledVAEDecode")


class Comfy(ComfySession):
    """`ComfySession` (`run`, `output_folder`, `path_of`, ...) that can put the test nodes into a prompt."""

    def with_counting_sampler(self, prompt: dict[str, Any], log_name: str, counts_operations: bool = False) -> dict[str, Any]:
        """The prompt with every sampler wrapped in a `TestCountingSampler`; read the log with `sampler_runs`."""
        settings = {"log_name": log_name, "counts_operations": counts_operations}
        return _with_wrapped_samplers(prompt, "TestCountingSampler", **settings)

    def with_slow_sampler(self, prompt: dict[str, Any], seconds: float = 0.5) -> dict[str, Any]:
        """The prompt with a pause before every window is sampled, in which a test can ask something."""
        return _with_wrapped_samplers(prompt, "TestSlowSampler", seconds=seconds)

    def with_painting_sampler(self, prompt: dict[str, Any]) -> dict[str, Any]:
        """The prompt with frame numbers painted instead of sampled, and shown as stripes instead of decoded."""
        changed = copy.deepcopy(prompt)
        for node in changed.values():
            if node["class_type"] in SAMPLER_SOURCES:
                node.update(class_type="TestPaintingSampler", inputs={})
            elif node["class_type"] in VIDEO_DECODERS:
                node.update(class_type="TestPaintedDecode", inputs={"samples": node["inputs"]["samples"]})
        for node_id in [i for i, node in changed.items() if node["class_type"] == "StreamingVideoSave"]:
            changed |= _painted_video(node_id, changed.pop(node_id)["inputs"])
        return changed

    def painted_numbers(self, result: PromptResult) -> list[int]:
        """The frame numbers that a painted prompt's video shows, in the order in which they are played."""
        (video,) = [file for file in result.files() if file.filename.endswith(".mp4")]
        return painted_numbers(self.path_of(video))

    def sampler_runs(self, log_name: str) -> list[dict[str, Any]]:
        """What `TestCountingSampler` wrote: one dictionary per sampler run, in order; empty if none ran."""
        path = self.output_folder / log_name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _with_wrapped_samplers(prompt: dict[str, Any], wrapper: str, **inputs: Any) -> dict[str, Any]:
    """The prompt with a node of class `wrapper` behind every choice of a sampler."""
    changed = copy.deepcopy(prompt)
    for sampler in [i for i, node in prompt.items() if node["class_type"] in SAMPLER_SOURCES]:
        wrapped = f"{sampler}_{wrapper}"
        for node in changed.values():
            for name, value in node["inputs"].items():
                if value == [sampler, 0]:
                    node["inputs"][name] = [wrapped, 0]
        changed[wrapped] = {"class_type": wrapper, "inputs": {"sampler": [sampler, 0], **inputs}}
    return changed


def _painted_video(node_id: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The nodes that save what `StreamingVideoSave` would, from stripes instead of decoded frames."""
    stripes, video = f"{node_id}_stripes", f"{node_id}_video"
    painted = {"samples": inputs["latent"], "frames": inputs.get("frames", 0)}
    pieces = {"images": [stripes, 0], "fps": inputs["fps"]} | {k: inputs[k] for k in ("audio",) if k in inputs}
    saved = {"video": [video, 0], "filename_prefix": inputs["filename_prefix"], "format": "mp4", "codec": "h264"}
    return {
        stripes: {"class_type": "TestPaintedDecode", "inputs": painted},
        video: {"class_type": "CreateVideo", "inputs": pieces},
        node_id: {"class_type": "SaveVideo", "inputs": saved},
    }


def painted_numbers(path: Path) -> list[int]:
    """The frame number that each frame of a painted video shows, in the order in which they are played."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    columns = slice(STRIPE_PX // 2, NUMBER_BITS * STRIPE_PX, STRIPE_PX)
    stripes = [frame[frame.shape[0] // 2, columns] > 127 for frame in frames]
    return [sum(int(lit) << bit for bit, lit in enumerate(stripe)) for stripe in stripes]


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory):
    """A models folder with the tiny LTX."""
    models = tmp_path_factory.mktemp("models")
    make_tiny_models(models)
    return models


@pytest.fixture(scope="session")
def comfy_with(tiny_models, tmp_path_factory):
    """`comfy_with("--cache-none")`: a server with further flags; the same flags give the same server."""
    sessions: dict[tuple[str, ...], Comfy] = {}

    def session(*flags: str) -> Comfy:
        if flags not in sessions:
            server = tiny_server(
                tmp_path_factory.mktemp("comfyui"), tiny_models, flags, custom_nodes={"audio-loop-tests": TEST_NODES}
            )
            sessions[flags] = Comfy(server)
        return sessions[flags]

    yield session
    for started in sessions.values():
        started.close()


@pytest.fixture(scope="session")
def comfy(comfy_with):
    """The server with ComfyUI's default flags."""
    return comfy_with()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Shows the end of the server's log beside a failure."""
    outcome = yield
    report = outcome.get_result()
    session = getattr(item, "funcargs", {}).get("comfy")
    if report.failed and isinstance(session, Comfy):
        report.sections.append(("ComfyUI log", session.server.log_tail()))
