"""Wraps a sampler so that the server's log says, in order, when it runs and which models are asked for in between."""

from __future__ import annotations

import logging
from typing import Any

import comfy.model_management
import comfy.samplers
from comfy_api.latest import io

RUN = "TestLoadSpy: sampler run begins"
REQUEST = "TestLoadSpy: requested"


def _watch() -> None:
    original = comfy.model_management.load_models_gpu
    if getattr(original, "watched", False):
        return

    def load_models_gpu(models: Any, *args: Any, **kwargs: Any) -> Any:
        for model in models:
            logging.info("%s %s", REQUEST, type(getattr(model, "model", model)).__name__)
        return original(models, *args, **kwargs)

    load_models_gpu.watched = True
    comfy.model_management.load_models_gpu = load_models_gpu


class _Marking(comfy.samplers.Sampler):
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def sample(self, *args: Any, **kwargs: Any) -> Any:
        logging.info(RUN)
        return self.inner.sample(*args, **kwargs)


class LoadSpy(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestLoadSpy",
            display_name="Load Spy (test)",
            category="audio loop/test",
            inputs=[io.Sampler.Input("sampler")],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls, sampler) -> io.NodeOutput:
        _watch()
        return io.NodeOutput(_Marking(sampler))
