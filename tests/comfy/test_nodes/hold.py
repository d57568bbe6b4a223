"""Nodes that give a test time to do something while a render is at a known place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import comfy.samplers
import folder_paths
from comfy_api.latest import io

WAIT_SECONDS = 60.0


class Hold(io.ComfyNode):
    """Asks for its input only once a file is there."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestHold",
            display_name="Hold (test)",
            category="audio loop/test",
            inputs=[io.AnyType.Input("value", lazy=True), io.String.Input("until_file")],
            outputs=[io.AnyType.Output()],
        )

    @classmethod
    def check_lazy_status(cls, until_file: str, value: Any = None) -> list[str]:
        if value is not None:
            return []
        end = time.monotonic() + WAIT_SECONDS
        while not (Path(folder_paths.get_output_directory()) / until_file).exists():
            if time.monotonic() > end:
                raise TimeoutError(f"no {until_file} in the output folder after {WAIT_SECONDS} s")
            time.sleep(0.02)
        return ["value"]

    @classmethod
    def execute(cls, until_file: str, value: Any = None) -> io.NodeOutput:
        return io.NodeOutput(value)


class _Slow(comfy.samplers.Sampler):
    def __init__(self, inner: Any, seconds: float) -> None:
        self.inner = inner
        self.seconds = seconds

    def sample(self, *args: Any, **kwargs: Any) -> Any:
        time.sleep(self.seconds)
        return self.inner.sample(*args, **kwargs)


class SlowSampler(io.ComfyNode):
    """A sampler that waits before it begins."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestSlowSampler",
            display_name="Slow Sampler (test)",
            category="audio loop/test",
            inputs=[io.Sampler.Input("sampler"), io.Float.Input("seconds")],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls, sampler: Any, seconds: float) -> io.NodeOutput:
        return io.NodeOutput(_Slow(sampler, seconds))
