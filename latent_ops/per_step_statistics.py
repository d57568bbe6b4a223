"""Pulls each denoising step's statistics towards a reference: `match_statistics` on the predicted clean video.

In LTX's loop three kinds of frames lie in one latent. Only new frames are measured and changed: context frames (mask 0)
are fixed by the render before, and appended guides are pictures, not part of the clip. Sound is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ..comfyui_internals.sampling import step_conditions, stream_shapes
from .kinds import is_nested
from .statistics import match_statistics


class StatisticsMatchError(ValueError):
    """The reference does not fit the latent, or a setting is out of range."""


@dataclass(frozen=True)
class PerStepMatch:
    """Post-CFG function that matches statistics; holds the reference on the device it came from.

    Attributes:
        reference: video latent as the sampler sees it, (B, C, T, H, W).
        factor: share of the matched result, 0 to 1.
        sigma_start: highest sigma it works at, inclusive.
        sigma_end: lowest sigma it works at, inclusive.
    """

    reference: torch.Tensor
    factor: float
    sigma_start: float
    sigma_end: float

    def __call__(self, args: dict[str, Any]) -> torch.Tensor:
        """ComfyUI's `sampler_post_cfg_function`: the predicted clean latent in, the matched one out."""
        denoised = args["denoised"]
        sigma = float(args["sigma"].flatten()[0])
        if not self.sigma_end <= sigma <= self.sigma_start:
            return denoised
        shapes, told = stream_shapes(args), step_conditions(args["cond"])
        if shapes is None or told is None:
            return denoised
        video_shape = shapes[0]
        if len(shapes) == 1:
            return self._match(denoised, told)
        # Samplers run on video and sound packed into one row each; the video comes first.
        length = int(torch.Size(video_shape[1:]).numel())
        video = denoised[:, :, :length].reshape(denoised.shape[0], *video_shape[1:])
        matched = self._match(video, told).reshape(denoised.shape[0], 1, length)
        return torch.cat([matched, denoised[:, :, length:]], dim=-1)

    def _match(self, video: torch.Tensor, told: Mapping[str, torch.Tensor]) -> torch.Tensor:
        frames = new_frames(told, video)
        if not frames.any():
            return video
        matched = match_statistics({"samples": video[:, :, frames]}, {"samples": self.reference}, self.factor)
        out = video.clone()
        out[:, :, frames] = matched["samples"]
        return out


def new_frames(told: Mapping[str, torch.Tensor], video: torch.Tensor) -> torch.Tensor:
    """Which latent frames are being made: not context (mask 0 everywhere), not an appended guide.

    Args:
        told: Name -> what the model is told in this step.
        video: (B, C, T, H, W).

    Returns:
        (T,) boolean on the CPU.
    """
    frames = torch.ones(video.shape[2], dtype=torch.bool)
    mask = told.get("denoise_mask")
    if mask is not None and mask.ndim == 5:
        frames &= (mask.amax(dim=(0, 1, 3, 4)) > 0).cpu()
    guides = told.get("keyframe_idxs")
    if guides is not None and guides.shape[2]:
        # One position per token (LTX's patches are one latent pixel), guides last.
        count = guides.shape[2] // (video.shape[3] * video.shape[4])
        frames[video.shape[2] - count :] = False
    return frames


def apply_per_step_match(
    model: Any, reference: dict[str, Any], factor: float, start_percent: float = 0.0, end_percent: float = 1.0
) -> Any:
    """A clone of the model whose denoising steps are pulled towards the reference's statistics.

    Args:
        model: ComfyUI ModelPatcher; not changed.
        reference: ComfyUI latent; its video part, (B, C, T, H, W), is what counts.
        factor: share of the matched result, 0 to 1; 0 turns it off.
        start_percent: where in the schedule it begins, 0 is the first step.
        end_percent: where it ends, 1 is the last step.

    Returns:
        The clone; the model itself if the factor is 0.

    Raises:
        StatisticsMatchError: a number out of range, or a reference that is not a video latent of this model.
    """
    if not 0 <= factor <= 1:
        raise StatisticsMatchError(f"factor is {factor}; it must lie between 0 (off) and 1 (fully matched)")
    if not 0 <= start_percent <= end_percent <= 1:
        raise StatisticsMatchError(f"the range is {start_percent} to {end_percent}; it must run upwards between 0 and 1")
    samples = reference["samples"]
    video = samples.unbind()[0] if is_nested(samples) else samples
    if video.ndim != 5:
        raise StatisticsMatchError(
            f"the reference latent has shape {tuple(video.shape)}; a video latent has 5 axes (B, C, T, H, W)"
        )
    latent_format = model.get_model_object("latent_format")
    if video.shape[1] != latent_format.latent_channels:
        raise StatisticsMatchError(
            f"the reference latent has {video.shape[1]} channels, this model {latent_format.latent_channels}; "
            "take a latent of the same model's video VAE"
        )
    if factor == 0:
        return model
    sampling = model.get_model_object("model_sampling")
    clone = model.clone()
    clone.set_model_sampler_post_cfg_function(
        PerStepMatch(
            reference=latent_format.process_in(video.detach().clone()),
            factor=factor,
            sigma_start=float(sampling.percent_to_sigma(start_percent)),
            sigma_end=float(sampling.percent_to_sigma(end_percent)),
        )
    )
    return clone
