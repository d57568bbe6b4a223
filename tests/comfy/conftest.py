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

import pytest

TIER = "comfy"
if TIER not in os.environ.get("AUDIO_LOOP_TIERS", TIER).split(","):
    collect_ignore_glob = ["*"]

from audio_loop.comfy_host.launch import make_tiny_models, tiny_server  # noqa: E402
from audio_loop.comfy_host.session import ComfySession  # noqa: E402

TEST_NODES = Path(__file__).resolve().parent / "test_nodes"
SAMPLER_SOURCES = ("KSamplerSelect",)
VIDEO_DECODERS = ("VAEDecode", "VAEDecodeTiled", "LTXVSpatioTemporalTiledVAEDecode")


class Comfy(ComfySession):
    """`ComfySession` (`run`, `output_folder`, `path_of`, ...) that can put the test nodes into a prompt."""

    def with_counting_sampler(self, prompt: dict[str, Any], log_name: str) -> dict[str, Any]:
        """The prompt with every sampler wrapped in a `TestCountingSampler`; read the log with `sampler_runs`."""
        changed = copy.deepcopy(prompt)
        for sampler in [i for i, node in prompt.items() if node["class_type"] in SAMPLER_SOURCES]:
            counting = f"{sampler}_counting"
            for node in changed.values():
                for name, value in node["inputs"].items():
                    if value == [sampler, 0]:
                        node["inputs"][name] = [counting, 0]
            changed[counting] = {
                "class_type": "TestCountingSampler",
                "inputs": {"sampler": [sampler, 0], "log_name": log_name},
            }
        return changed

    def with_painting_sampler(self, prompt: dict[str, Any]) -> dict[str, Any]:
        """The prompt with frame numbers painted instead of sampled, and shown as stripes instead of decoded."""
        changed = copy.deepcopy(prompt)
        for node in changed.values():
            if node["class_type"] in SAMPLER_SOURCES:
                node.update(class_type="TestPaintingSampler", inputs={})
            elif node["class_type"] in VIDEO_DECODERS:
                kept = {name: node["inputs"][name] for name in ("samples", "vae")}
                node.update(class_type="TestPaintedDecode", inputs=kept)
        return changed

    def sampler_runs(self, log_name: str) -> list[dict[str, Any]]:
        """What `TestCountingSampler` wrote: one dictionary per sampler run, in order; empty where none ran."""
        path = self.output_folder / log_name
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


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
