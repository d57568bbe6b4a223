"""Wraps a sampler and writes one JSON line per run: how often windows are sampled, and what each run was given."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import comfy.samplers
import folder_paths
import torch
from comfy_api.latest import io
from torch.utils.flop_counter import FlopCounterMode

from .seen import describe_conditioning, guide_positions, per_frame, unpacked


class _Counting(comfy.samplers.Sampler):
    def __init__(self, inner: Any, log: Path, counts_operations: bool) -> None:
        self.inner = inner
        self.log = log
        self.counts_operations = counts_operations

    def sample(self, guider, sigmas, extra_args, callback, noise, latent_image=None, denoise_mask=None, disable_pbar=False):
        steps = 0

        def counting(step, denoised, noisy, total):
            nonlocal steps
            steps += 1
            if callback is not None:
                callback(step, denoised, noisy, total)

        shapes = guider.inner_model.latent_shapes
        line = {
            "time": time.time(),
            "seed": extra_args.get("seed"),
            "sigmas": [float(sigma) for sigma in sigmas],
            "cfg": getattr(guider, "cfg", None),
            "latent_shapes": [list(shape) for shape in shapes],
            **_masks(denoise_mask, shapes),
            "guide_positions": guide_positions(guider, int(shapes[0][3] * shapes[0][4])),
            "positive": describe_conditioning(guider.conds.get("positive")),
            "negative": describe_conditioning(guider.conds.get("negative")),
            **_latents("latent", latent_image, shapes),
        }
        with FlopCounterMode(display=False) if self.counts_operations else nullcontext() as counter:
            samples = self.inner.sample(guider, sigmas, extra_args, counting, noise, latent_image, denoise_mask, disable_pbar)
        line["operations"] = None if counter is None else counter.get_total_flops()
        line |= {"steps": steps, **_latents("sampled", samples, shapes)}
        with self.log.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(line) + "\n")
        return samples


def _masks(mask: torch.Tensor | None, shapes: list) -> dict[str, Any]:
    """Lowest and highest mask value of every video frame, and of the whole audio; None if there is no mask."""
    if mask is None:
        return {"video_mask_min": None, "video_mask_max": None, "audio_mask_min": None, "audio_mask_max": None}
    video, *audio = unpacked(mask, shapes)
    return {
        "video_mask_min": per_frame(video, torch.min),
        "video_mask_max": per_frame(video, torch.max),
        "audio_mask_min": float(audio[0].min()) if audio else None,
        "audio_mask_max": float(audio[0].max()) if audio else None,
    }


def _latents(name: str, packed: torch.Tensor, shapes: list) -> dict[str, Any]:
    """Mean of every frame of video and audio: enough to see which frames two windows share."""
    video, *audio = unpacked(packed, shapes)
    means = {f"{name}_video_means": per_frame(video, torch.mean)}
    return means | ({f"{name}_audio_means": per_frame(audio[0], torch.mean)} if audio else {})


class CountingSampler(io.ComfyNode):
    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestCountingSampler",
            display_name="Counting Sampler (test)",
            category="audio loop/test",
            inputs=[
                io.Sampler.Input("sampler"),
                io.String.Input("log_name", default="sampler_runs.jsonl"),
                io.Boolean.Input("counts_operations", default=False, optional=True),
            ],
            outputs=[io.Sampler.Output()],
        )

    @classmethod
    def execute(cls, sampler, log_name: str, counts_operations: bool = False) -> io.NodeOutput:
        log = Path(folder_paths.get_output_directory()) / Path(log_name).name
        return io.NodeOutput(_Counting(sampler, log, counts_operations))
