"""A window of a canvas painted without a model: each latent gets its place in the video, and what is shown is looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import folder_paths
import torch
from comfy_api.latest import io


class PaintedWindow(io.ComfyNode):
    """Paints what is new, refuses a finished latent that is not exactly its painting, and spoils what it was only shown."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestPaintedWindow",
            category="audio loop/test",
            inputs=[
                io.Latent.Input("video_latent"),
                io.Latent.Input("audio_latent"),
                io.Int.Input("window"),
                io.Int.Input("seed_value"),
                io.Int.Input("draft_window"),
                io.Int.Input("new_latents"),
                io.String.Input("log_name"),
            ],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(
        cls,
        video_latent: Any,
        audio_latent: Any,
        window: int,
        seed_value: int,
        draft_window: int,
        new_latents: int,
        log_name: str,
    ) -> io.NodeOutput:
        samples = video_latent["samples"].clone()
        kept = video_latent["noise_mask"].flatten() == 0.0
        places = torch.arange(samples.shape[2], dtype=torch.float32) + window * new_latents + 1.0
        painting = places.view(1, 1, -1, 1, 1).expand_as(samples)
        if not torch.equal(samples[:, :, kept], painting[:, :, kept]):
            raise ValueError(f"window {window} is shown {samples[0, 0, kept, 0, 0].tolist()} as finished")
        samples[:, :, ~kept] = painting[:, :, ~kept]
        samples[:, :, kept] += 0.5
        line = {
            "window": window,
            "seed": seed_value,
            "draft_window": draft_window,
            "kept": kept.nonzero().flatten().tolist(),
            "latents": len(kept),
            "audio_latents": audio_latent["samples"].shape[2],
            "audio_mask": float(audio_latent["noise_mask"].max()),
        }
        with (Path(folder_paths.get_output_directory()) / Path(log_name).name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return io.NodeOutput({"samples": samples})
