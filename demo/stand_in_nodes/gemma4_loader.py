"""Loads the tiny Gemma 4: `CLIPLoader` for a toy size, which the file names in its metadata.

ComfyUI's own loader builds Gemma 4 12B whatever the file holds, and knows it by its 48th layer. Everything else here is
ComfyUI's code: tokenizer, encoder, projection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import comfy.sd
import comfy.utils
import folder_paths
import torch
from comfy.text_encoders.gemma4 import Gemma4_12B_Config
from comfy_api.latest import io

from .text_encoder_loader import require_sizes

_KNOWN_BY = "model.layers.47.self_attn.q_norm.weight"


class DemoTinyGemma4Loader(io.ComfyNode):
    """Same inputs and output as `CLIPLoader`."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        """Inputs and outputs."""
        return io.Schema(
            node_id="DemoTinyGemma4Loader",
            display_name="Load Tiny Gemma 4 (demo)",
            category="audio loop/demo",
            description="A random toy text encoder, in the place of Gemma 4 12B.",
            inputs=[
                io.Combo.Input("clip_name", options=folder_paths.get_filename_list("text_encoders")),
                io.Combo.Input("type", options=["ltxv"]),
                io.Combo.Input("device", options=["default", "cpu"], advanced=True, optional=True),
            ],
            outputs=[io.Clip.Output()],
        )

    @classmethod
    def execute(cls, clip_name: str, type: str, device: str = "default") -> io.NodeOutput:
        """Loads the file, which has the text projection too."""
        path = folder_paths.get_full_path_or_raise("text_encoders", clip_name)
        weights, metadata = comfy.utils.load_torch_file(path, safe_load=True, return_metadata=True)
        config = require_sizes(clip_name, metadata)
        options: dict[str, Any] = {"_model_config": config["text"]}
        if device == "cpu":
            options["load_device"] = options["offload_device"] = torch.device("cpu")
        weights[_KNOWN_BY] = weights["model.layers.0.self_attn.q_norm.weight"]
        with _embedders(config):
            clip = comfy.sd.load_text_encoder_state_dicts(
                [weights],
                embedding_directory=folder_paths.get_folder_paths("embeddings"),
                clip_type=comfy.sd.CLIPType[type.upper()],
                model_options=options,
            )
        return io.NodeOutput(clip)


@contextmanager
def _embedders(config: Mapping[str, Any]) -> Iterator[None]:
    """The entrances for pictures and sound have their sizes in class attributes; full size would take 150 MB for nothing."""
    full_size = Gemma4_12B_Config.vision_config, Gemma4_12B_Config.audio_config
    Gemma4_12B_Config.vision_config, Gemma4_12B_Config.audio_config = dict(config["vision"]), dict(config["audio"])
    try:
        yield
    finally:
        Gemma4_12B_Config.vision_config, Gemma4_12B_Config.audio_config = full_size


NODES: list[type] = [DemoTinyGemma4Loader]
