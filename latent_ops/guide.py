"""Guides: pictures appended to a window as extra latents, whose place in time stands only in the conditioning.

The sampler sees a guide as more latents behind the window. `keyframe_idxs` (B, 3, tokens, 2) in the conditioning gives
each of their tokens its place as [start, end) in pixels of time, height and width, and `guide_attention_entries` says
which tokens belong to which guide (`_process_input` in comfy/ldm/lightricks/model.py). So the conditioning must keep
both until sampling is done; only then ComfyUI's LTXVCropGuides takes the extra latents and the positions away together.

Unlike ComfyUI's LTXVAddGuide, which counts a negative frame from the end of the clip, an offset here may lie before the
window: at -8 a picture stands one latent before the window's first frame.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from ..comfyui_internals.ltx_latents import token_positions
from ..loop_control.units import PIXELS_PER_LATENT, SPATIAL_STEP_PX
from .conditioning import Conditioning, first_value, with_values
from .kinds import (
    TIME_AXIS,
    Latent,
    LatentError,
    require_video,
    shape_text,
    with_samples,
)
from .masks import video_noise_mask

POSITIONS = "keyframe_idxs"
ENTRIES = "guide_attention_entries"

ONE_LATENT_BEFORE_PX = -PIXELS_PER_LATENT


def append_guide(
    positive: Conditioning,
    negative: Conditioning,
    latent: Latent,
    guide_latent: Latent,
    frame_offset_px: int = ONE_LATENT_BEFORE_PX,
    strength: float = 1.0,
) -> tuple[list[list[Any]], list[list[Any]], dict[str, Any]]:
    """Appends `guide_latent` to the window and notes its place in both conditionings. May be called several times.

    Args:
        positive: conditioning.
        negative: conditioning.
        latent: the window, a video latent (B, C, T, H, W); guides appended earlier count as part of T.
        guide_latent: a video latent (B or 1, C, G, H, W).
        frame_offset_px: pixel frame at which the guide starts, counted from the window's first; negative is before it.
        strength: 1 keeps the guide as given, lower lets the sampler change it (its noise mask is 1 - strength) and
            weakens the attention to it; above 1 strengthens the attention only, up to 10 as in LTXVAddGuide.

    Returns:
        Positive and negative with `keyframe_idxs` and `guide_attention_entries`; the latent (B, C, T + G, H, W) with a
        noise mask.

    Raises:
        LatentError: nested or otherwise unfit latents, or a strength outside 0..10.
    """
    samples = require_video(latent)
    guide = require_video(guide_latent, "guide_latent")
    if not (math.isfinite(strength) and 0 <= strength <= 10):
        raise LatentError(f"guide strength {strength} is outside 0 to 10; 1 keeps the guide as given")
    batch, _, frames, height, width = guide.shape
    if guide.shape[1] != samples.shape[1] or guide.shape[3:] != samples.shape[3:] or batch not in (1, samples.shape[0]):
        raise LatentError(
            f"guide_latent of shape {shape_text(guide)} does not fit the window of shape {shape_text(samples)}; all "
            f"but the time axis must be equal (the guide's batch may be 1): encode it with the same VAE, from a "
            f"picture of {samples.shape[4] * SPATIAL_STEP_PX} x {samples.shape[3] * SPATIAL_STEP_PX} px"
        )
    guide = guide.expand(samples.shape[0], -1, -1, -1, -1).to(samples.device, samples.dtype)
    # As ComfyUI decides whether the first latent stands for one pixel frame, as that of a clip's beginning does, or for eight.
    positions = guide_positions(guide, frame_offset_px, causal_fix=frame_offset_px == 0 or frames == 1)
    entry = {
        "pre_filter_count": frames * height * width,
        "strength": strength,
        "pixel_mask": None,
        "latent_shape": [frames, height, width],
    }
    mask = video_noise_mask(latent)
    # Above 1 the strength acts through the attention alone; below 0 a mask value means "drop this token".
    guide_mask = mask.new_full((mask.shape[0], 1, frames, *mask.shape[3:]), max(0.0, 1.0 - strength))
    window = with_samples(latent, torch.cat([samples, guide], dim=TIME_AXIS), torch.cat([mask, guide_mask], dim=TIME_AXIS))
    return _noted(positive, positions, entry, "positive"), _noted(negative, positions, entry, "negative"), window


def guide_positions(guide: Tensor, frame_offset_px: int, *, causal_fix: bool) -> Tensor:
    """Places (B, 3, tokens, 2) of a guide's tokens: [start, end) in pixels of time, height and width.

    Args:
        guide: (B, C, G, H, W); tokens are G * H * W, the last axis fastest.
        frame_offset_px: added to every time.
        causal_fix: whether the first latent stands for one pixel frame.
    """
    scale = (PIXELS_PER_LATENT, SPATIAL_STEP_PX, SPATIAL_STEP_PX)
    positions = token_positions(tuple(guide.shape), scale, guide.device, causal_fix=causal_fix)
    offset = torch.tensor([frame_offset_px, 0, 0], dtype=positions.dtype, device=positions.device)
    return positions + offset.view(1, 3, 1, 1)


def _noted(conditioning: Conditioning, positions: Tensor, entry: dict[str, Any], name: str) -> list[list[Any]]:
    before = first_value(conditioning, POSITIONS)
    entries = list(first_value(conditioning, ENTRIES) or [])
    if before is not None:
        if before.shape[0] not in (1, positions.shape[0]):
            raise LatentError(
                f"{name} has guide positions of shape {tuple(before.shape)}, the window's batch is "
                f"{positions.shape[0]}; they were made for another latent, connect the conditioning that belongs to "
                "this one"
            )
        unlisted = before.shape[2] - sum(known["pre_filter_count"] for known in entries)
        if unlisted > 0:
            # Guides that another node appended without an entry; the model wants entries that cover every guide token.
            tokens_per_frame = entry["latent_shape"][1] * entry["latent_shape"][2]
            shape = [unlisted // tokens_per_frame, *entry["latent_shape"][1:]]
            entries.insert(0, {"pre_filter_count": unlisted, "strength": 1.0, "pixel_mask": None, "latent_shape": shape})
        positions = torch.cat([before.to(positions.device).expand(positions.shape[0], -1, -1, -1), positions], dim=2)
    return with_values(conditioning, {POSITIONS: positions, ENTRIES: [*entries, entry]})
