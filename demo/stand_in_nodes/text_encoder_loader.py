"""Loads the tiny Gemma in place of the 12B one that core's `LTXAVTextEncoderLoader` loads.

Core builds Gemma 3 with fixed sizes; only the ComfyUI function below takes others, and only for the language part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import comfy.sd
import comfy.utils
import folder_paths
import torch
from comfy.text_encoders.llama import Gemma3_12B_Config
from comfy_api.latest import io


class DemoTinyTextEncoderLoader(io.ComfyNode):
    """Same inputs and output as `LTXAVTextEncoderLoader`."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        """Inputs and outputs."""
        return io.Schema(
            node_id="DemoTinyTextEncoderLoader",
            display_name="Load Tiny Text Encoder (demo)",
            category="audio loop/demo",
            description="A random toy text encoder, in the place of Gemma 3 12B.",
            inputs=[
                io.Combo.Input("text_encoder", options=folder_paths.get_filename_list("text_encoders")),
                io.Combo.Input("ckpt_name", options=folder_paths.get_filename_list("checkpoints")),
                io.Combo.Input("device", options=["default", "cpu"], advanced=True),
            ],
            outputs=[io.Clip.Output()],
        )

    @classmethod
    def execute(cls, text_encoder: str, ckpt_name: str, device: str = "default") -> io.NodeOutput:
        """Loads both files; the text projection comes from the checkpoint, as in core."""
        encoder_path = folder_paths.get_full_path_or_raise("text_encoders", text_encoder)
        weights, metadata = comfy.utils.load_torch_file(encoder_path, safe_load=True, return_metadata=True)
        config = require_sizes(text_encoder, metadata)
        checkpoint = comfy.utils.load_torch_file(folder_paths.get_full_path_or_raise("checkpoints", ckpt_name))
        options: dict[str, Any] = {"_model_config": config["text"]}
        if device == "cpu":
            options["load_device"] = options["offload_device"] = torch.device("cpu")
        with _vision_tower(config["vision"]):
            clip = comfy.sd.load_text_encoder_state_dicts(
                [weights, checkpoint],
                embedding_directory=folder_paths.get_folder_paths("embeddings"),
                clip_type=comfy.sd.CLIPType.LTXV,
                model_options=options,
            )
        return io.NodeOutput(clip)


def require_sizes(name: str, metadata: Mapping[str, str] | None) -> dict[str, Any]:
    """The sizes in a tiny text encoder's metadata.

    Raises:
        ValueError: It has none, so it is another file.
    """
    if not metadata or "config" not in metadata:
        raise ValueError(
            f"{name} does not say its sizes, so it is not the tiny text encoder. Choose the file that "
            "scripts/make_tiny_ltx.py wrote, or use ComfyUI's own loader."
        )
    return json.loads(metadata["config"])


@contextmanager
def _vision_tower(config: Mapping[str, Any]) -> Iterator[None]:
    """The picture tower's size is a class attribute in ComfyUI; full size would take 1.6 GB for nothing."""
    full_size = Gemma3_12B_Config.vision_config
    Gemma3_12B_Config.vision_config = dict(config)
    try:
        yield
    finally:
        Gemma3_12B_Config.vision_config = full_size


NODES: list[type] = [DemoTinyTextEncoderLoader]
