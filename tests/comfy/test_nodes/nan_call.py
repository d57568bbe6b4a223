"""A sampler of which one model call gives one value that is NaN, as an overflow or a kernel does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import comfy.samplers
import folder_paths
from comfy_api.latest import io


class _Guider:
    """A guider whose calls are counted in a file, over all windows of a run."""

    def __init__(self, inner: Any, call: int) -> None:
        self._inner = inner
        self._call = call
        self._count = Path(folder_paths.get_output_directory()) / "model_calls.txt"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        calls = int(self._count.read_text()) + 1 if self._count.exists() else 1
        self._count.write_text(str(calls))
        denoised = self._inner(*args, **kwargs)
        if calls == self._call:
            denoised.view(-1)[denoised.numel() // 3] = float("nan")
        return denoised


class _Sampler(comfy.samplers.Sampler):
    def __init__(self, inner: Any, call: int) -> None:
        self.inner = inner
        self.call = call

    def sample(self, guider, *args, **kwargs):
        return self.inner.sample(_Guider(guider, self.call), *args, **kwargs)


class NanCall(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestNanCall",
            display_name="NaN in one Model Call (test)",
            category="audio loop/test",
            inputs=[io.Sampler.Input("sampler"), io.Int.Input("call")],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls, sampler: Any, call: int) -> io.NodeOutput:
        return io.NodeOutput(_Sampler(sampler, call))
